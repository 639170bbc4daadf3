import { type ExecutionResult, execute } from 'graphql';
import { createContext } from '../../../src/context/create-context.ts';
import { createAuthenticator } from '../../../src/identity/authenticate.ts';
import { schema } from '../../../src/schema/index.ts';
import { createCompiledOperations } from '../../../src/server/compiled-operations.ts';
import { createDocuments, type KnownOperation } from '../../../src/server/documents.ts';
import type { Executor } from '../../../src/server/executor.ts';
import { createFanOut } from '../../../src/server/fan-out/fan-out.ts';
import { createOperations } from '../../../src/server/operation.ts';
import { createOperationObserver } from '../../../src/server/operation-log.ts';
import type { GeneratedOperation } from '../../helpers/operations/generated-operations.ts';
import type { Answer } from './answers.ts';
import type { World } from './world.ts';

/** One way to carry an operation out for the holder of a key. */
export type Runner = (operation: GeneratedOperation, key: string) => Promise<Answer>;

/** Both ways to execute operations, without a door in front. */
export interface Runners {
  /** As graphql-js does it. */
  readonly interpreted: Runner;
  /** As compiled code does it, where it can. */
  readonly compiled: Runner;
  /** How many operations compiled code has left to graphql-js. */
  readonly leftToGraphql: number;
}

/** Limits that hardly any operation meets: what is compared is what is answered, not what is refused. */
const limits = {
  ...{ depth: 100, cost: 1e9, aliases: 1_000, pageSize: 1_000, tokens: 50_000 },
  operationDeadlineMs: 600_000,
};

/** What a client would read of a result. */
const asAnswer = (result: ExecutionResult): Answer => JSON.parse(JSON.stringify(result));

export function createRunners({ config, context }: World): Runners {
  const documents = createDocuments(schema, true, limits);
  const compiledOperations = createCompiledOperations(schema);
  const { authenticate } = createAuthenticator(config.viewers);
  let leftToGraphql = 0;

  /** Compiled as if it had come often enough. */
  const compiledForm = (operation: KnownOperation) => {
    for (let sight = 0; sight < 10; sight += 1) {
      const compiled = compiledOperations.sight(operation);
      if (compiled) return compiled;
    }
    throw new Error(`this is never compiled: ${operation.size} characters`);
  };

  const executeCompiled: Executor = (args) => {
    const operation = documents.of(args.document)?.operation(args.operationName);
    if (!operation) throw new Error('an operation that was not read before');
    const { contextValue, variableValues: variables } = args;
    const result = compiledForm(operation)({ context: contextValue, variables });
    if (result === undefined) leftToGraphql += 1;
    return result ?? execute(args);
  };

  const runnerWith = (executor: Executor): Runner => {
    const fanOut = createFanOut({ schema, context, execute: executor, eventMs: limits.operationDeadlineMs });
    const observer = createOperationObserver({ logger: context.logger, isLogged: false });
    const deps = { schema, documents, execute: executor, fanOut, observer, limits, introspection: true };
    const operations = createOperations(deps);
    return async ({ query, variables, operationName }, key) => {
      const known = documents.read(query);
      const operation = known.operation(operationName);
      if (known.errors.length > 0 || !operation) throw new Error(`not a valid operation: ${query}`);
      const { signal } = new AbortController();
      const viewer = await authenticate(`Bearer ${key}`);
      const observation = observer.begin('fast', viewer);
      const given = { context: createContext(context, { viewer, signal }), variables, observation };
      return asAnswer(await operations.run(operation, given));
    };
  };

  return {
    interpreted: runnerWith((args) => execute(args)),
    compiled: runnerWith(executeCompiled),
    get leftToGraphql() {
      return leftToGraphql;
    },
  };
}
