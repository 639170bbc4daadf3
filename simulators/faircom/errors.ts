/**
 * Every error code that this server answers with. The first block holds the vendor's codes (faircom-netography-api.md
 * §A12). Codes from 99001 are private to the simulator: the vendor has not published its own for these cases, so a
 * client must not build on the numbers.
 */
export const errorCodes = {
  duplicateKey: 2,
  cannotOpen: 12,
  cannotCreateDatabase: 19,
  locked: 42,
  unknownUser: 450,
  wrongPassword: 451,
  filterFailed: 598,
  databaseExists: 4021,
  keyNotFound: 4046,
  parameterMissing: 12025,
  sessionUnknown: 12031,
  serviceInactive: 12048,
  propertyUnknown: 14702,
  sessionUnknownToOldServers: 60031,
  sqlDuplicateKey: -17002,
  sqlSyntax: -20003,
  sqlTableUnknown: -20005,
  sqlColumnUnknown: -20006,
  notAnEnvelope: 99001,
  actionUnknown: 99002,
  parameterWrong: 99003,
  changeIdMissing: 99004,
  changeIdOutdated: 99005,
  recordMissing: 99006,
  valueRefused: 99007,
  fieldUnknown: 99008,
  indexUnknown: 99009,
  filterSyntax: 99010,
  cursorUnknown: 99011,
  transactionUnknown: 99012,
  savepointUnknown: 99013,
  tooManySessions: 99014,
  nameTaken: 99015,
  definitionRefused: 99016,
  notWalkableBackwards: 99017,
  sqlRefused: 99018,
} as const;

export type ErrorName = keyof typeof errorCodes;

/** Thrown by an action; the envelope carries its code and message. */
export class FairComError extends Error {
  readonly errorCode: number;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FairComError';
    this.errorCode = errorCodes[name];
  }
}
