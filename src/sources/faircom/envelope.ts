import { member, membersOf, requiredText } from '../../reading/members.ts';
import { type Reader, Unreadable } from '../../reading/reader.ts';
import { textUnlessAbsent } from './members.ts';

/** What goes round every action, read by hand because every request and answer has it (docs/performance.md). */

/** The envelope of an answer (faircom-netography-api.md §A3). `debugInfo` echoes passwords and tokens: it is dropped. */
export interface Envelope {
  readonly errorCode: number;
  readonly errorMessage: string | undefined;
  readonly result: unknown;
  readonly authToken: string | undefined;
}

function code(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Unreadable('an integer', ['errorCode']);
}

export const envelope: Reader<Envelope> = (value) => {
  const { errorCode, errorMessage, result, authToken } = membersOf(value);
  return {
    errorCode: code(errorCode),
    errorMessage: textUnlessAbsent(errorMessage, 'errorMessage'),
    result,
    authToken: textUnlessAbsent(authToken, 'authToken'),
  };
};

/** The envelope of an answer; undefined when the body is none. */
export function envelopeOf(body: unknown): Envelope | undefined {
  try {
    return envelope(body);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** The parts of a request that decide about its session and transaction. */
export interface SentAction {
  readonly action: string;
  readonly authToken: string | undefined;
  readonly transactionId: string | undefined;
}

const transactionIn: Reader<string | undefined> = (value) =>
  textUnlessAbsent(membersOf(value).transactionId, 'transactionId');

export const sentAction: Reader<SentAction> = (value) => {
  const { action, authToken, params } = membersOf(value);
  return {
    action: requiredText(action, 'action'),
    authToken: textUnlessAbsent(authToken, 'authToken'),
    transactionId: params === undefined ? undefined : member(params, 'params', transactionIn),
  };
};
