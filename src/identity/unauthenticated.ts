/** The credential is missing or not accepted. The message is for the caller; it never repeats the credential. */
export class Unauthenticated extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unauthenticated';
  }
}

/** The issuer's public keys cannot be had now, so nobody knows whether the token is good: worth trying again. */
export class IdentityProviderUnavailable extends Error {
  readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The keys of the token’s issuer cannot be fetched now. Try again.', options);
    this.name = 'IdentityProviderUnavailable';
  }
}
