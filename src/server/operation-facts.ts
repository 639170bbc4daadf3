import { hash } from 'node:crypto';
import { type DocumentNode, getOperationAST, type OperationDefinitionNode, print } from 'graphql';

/** `unknown` for what was refused before its document was read. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';

/** What is known of an operation from its document alone. Whoever keeps documents keeps it with them. */
export interface OperationFacts {
  readonly kind: OperationKind;
  /** Its name, cut to 64 characters; undefined for one without a name. */
  readonly name: string | undefined;
  /** The beginning of the SHA-256 of its document, which tells one document from another. */
  readonly document: string;
}

/** The facts of an operation; undefined when the document has no such operation. */
export type FactsOf = (document: DocumentNode, operationName: string | null | undefined) => OperationFacts | undefined;

const MAX_NAME = 64;
const HASH_CHARACTERS = 12;

function describe(operation: OperationDefinitionNode, document: DocumentNode): OperationFacts {
  const text = operation.loc?.source.body ?? print(document);
  return {
    kind: operation.operation,
    name: operation.name?.value.slice(0, MAX_NAME),
    document: hash('sha256', text, 'hex').slice(0, HASH_CHARACTERS),
  };
}

/** Finds the facts of documents that are kept again: to hash one costs more than all the rest of a line in the log. */
export function createFacts(): FactsOf {
  const known = new WeakMap<OperationDefinitionNode, OperationFacts>();
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return undefined;
    const facts = known.get(operation) ?? describe(operation, document);
    known.set(operation, facts);
    return facts;
  };
}
