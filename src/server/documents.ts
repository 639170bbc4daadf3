import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Demand, demandOf } from './demand.ts';
import { factsOf, type OperationFacts } from './operation-facts.ts';

export interface DocumentLimits {
  /** Most tokens that a document may have. */
  readonly tokens: number;
  /** Largest `first` of a connection, and most `ids` of a field. */
  readonly pageSize: number;
}

/** An operation of a valid document, and what it asks for. */
export interface KnownOperation {
  readonly document: DocumentNode;
  /** The name by which it was chosen: a document of one operation needs none. */
  readonly operationName: string | undefined;
  readonly operation: OperationDefinitionNode;
  readonly demand: Demand;
  readonly facts: OperationFacts;
  /** Characters of its document. */
  readonly size: number;
}

/** A document that was parsed and validated. */
export interface KnownDocument {
  readonly document: DocumentNode;
  /** Why it is not valid under the schema; nothing is executed of it then. */
  readonly errors: readonly GraphQLError[];
  /** The operation with this name, or the only one; undefined where it is not clear which is meant. */
  operation(name: string | null | undefined): KnownOperation | undefined;
}

/** Documents by their text; each is parsed and validated once while it is kept. */
export interface Documents {
  /** @throws GraphQLError GRAPHQL_PARSE_FAILED or TOO_MANY_TOKENS */
  read(text: string): KnownDocument;
  /** What is known of a document that came from `read`. */
  of(document: DocumentNode): KnownDocument | undefined;
  readonly counts: DocumentCounts;
}

/** Documents that operations came with, since the start. */
export interface DocumentCounts {
  /** Those that were kept from before. */
  readonly hits: number;
  /** Those that had to be parsed. */
  readonly parsed: number;
  /** How many are kept at the moment. */
  readonly kept: number;
}

/**
 * Characters of documents whose parsed form is kept; a parsed document takes some ten times the room. What a caller can
 * send is bounded by bytes: a bound by their number alone would let them fill the memory.
 */
const MAX_CHARACTERS = 2_000_000;

/** A longer document is not kept: a few of them would push out all the others. */
const MAX_KEPT_CHARACTERS = MAX_CHARACTERS / 16;

/** Mistakes that one answer names; whoever sends more of them learns nothing from the rest. */
const MAX_VALIDATION_ERRORS = 8;

const asRequestError = (code: string) => ({ code, http: { status: 400, spec: true } });

/** graphql tells a document with too many tokens from one that is wrong only by its message. */
const isTooLong = (error: GraphQLError) => /Document contains more tha[nt] \d+ tokens/.test(error.message);

function explainSyntax(error: unknown, tokens: number): unknown {
  if (!(error instanceof GraphQLError)) return error;
  if (isTooLong(error)) {
    return new GraphQLError(`This document has more than ${tokens} tokens, which is the most that is allowed.`, {
      extensions: asRequestError('TOO_MANY_TOKENS'),
    });
  }
  const { source, positions } = error;
  return new GraphQLError(error.message, {
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    extensions: asRequestError('GRAPHQL_PARSE_FAILED'),
  });
}

function parseWithin(text: string, tokens: number): DocumentNode {
  try {
    return parse(text, { maxTokens: tokens });
  } catch (error) {
    throw explainSyntax(error, tokens);
  }
}

const asInvalid = ({ message, nodes, source, positions }: GraphQLError) =>
  new GraphQLError(message, {
    ...(nodes ? { nodes } : {}),
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    extensions: asRequestError('GRAPHQL_VALIDATION_FAILED'),
  });

/** @param introspection whether callers may ask for the schema: without it nobody shall learn names by misspelling them */
export function createDocuments(schema: GraphQLSchema, introspection: boolean, limits: DocumentLimits): Documents {
  const byText = new LRUCache<string, KnownDocument>({
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (_known, text) => Math.max(1, text.length),
  });
  const known = new WeakMap<DocumentNode, KnownDocument>();
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const validation = { maxErrors: MAX_VALIDATION_ERRORS, hideSuggestions: !introspection };

  let hits = 0;
  let parsed = 0;

  const createOperation = (document: DocumentNode, name: string | undefined, text: string) => {
    const operation = getOperationAST(document, name);
    if (!operation) return undefined;
    const demand = demandOf({ schema, document, operation }, limits.pageSize);
    const facts = factsOf(operation, text);
    return { document, operationName: name, operation, demand, facts, size: text.length };
  };

  const createKnown = (text: string): KnownDocument => {
    const document = parseWithin(text, limits.tokens);
    const errors = validate(schema, document, rules, validation).map(asInvalid);
    const operations = new Map<string | undefined, KnownOperation>();
    return {
      document,
      errors,
      operation: (name) => {
        const key = name ?? undefined;
        const found = operations.get(key) ?? createOperation(document, key, text);
        if (found) operations.set(key, found);
        return found;
      },
    };
  };

  return {
    read: (text) => {
      const kept = byText.get(text);
      if (kept) {
        hits += 1;
        return kept;
      }
      parsed += 1;
      const made = createKnown(text);
      known.set(made.document, made);
      // A document that is wrong is not kept: nobody sends it twice on purpose.
      if (made.errors.length === 0) byText.set(text, made);
      return made;
    },
    of: (document) => known.get(document),
    get counts() {
      return { hits, parsed, kept: byText.size };
    },
  };
}
