import { type Answer, type Received, rawPackage, type SmallServer, startServer } from './fixture.ts';

/** The `sub` of the assertion that a token request carries. */
export function subjectIn(request: Received): string {
  const assertion = new URLSearchParams(request.text).get('assertion') ?? '';
  const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
  return (claims as { sub: string }).sub;
}

/** A token that names whom it was given to, and how many were given before it. */
export const give = (request: Received, n: number): Answer => ({
  status: 201,
  json: { access_token: `${subjectIn(request)}#${n}`, token_type: 'bearer', expires_in: 3600 },
});

export interface TokenServerOptions {
  /** Answers the n-th token request. */
  readonly token?: (request: Received, n: number) => Answer | Promise<Answer>;
  /** Answers any other request instead of the package whose title is the credential that was used. */
  readonly other?: (credential: string) => Answer | undefined;
}

/** A server whose package says by its title which credential asked for it. */
export function startTokenServer({ token = give, other }: TokenServerOptions = {}): Promise<SmallServer> {
  let given = 0;
  return startServer((request) => {
    if (request.path === '/auth/token') {
      given += 1;
      return token(request, given);
    }
    const credential = String(request.headers.authorization);
    return other?.(credential) ?? { json: rawPackage({ title: credential }) };
  });
}

export const tokenCalls = (server: SmallServer) => server.count('POST', '/auth/token');
