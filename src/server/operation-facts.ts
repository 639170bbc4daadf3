import { hash } from 'node:crypto';
import type { OperationDefinitionNode } from 'graphql';

/** `unknown` for what was refused before its document was read. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';

/** What the log and the metrics say of an operation, known from its document alone and kept with it. */
export interface OperationFacts {
  readonly kind: OperationKind;
  /** Its name, cut to 64 characters; undefined for one without a name. */
  readonly name: string | undefined;
  /** The beginning of the SHA-256 of its document, which tells one document from another. */
  readonly document: string;
}

const MAX_NAME = 64;
const HASH_CHARACTERS = 12;

/** @param text the document that the operation is of */
export const factsOf = (operation: OperationDefinitionNode, text: string): OperationFacts => ({
  kind: operation.operation,
  name: operation.name?.value.slice(0, MAX_NAME),
  document: hash('sha256', text, 'hex').slice(0, HASH_CHARACTERS),
});
