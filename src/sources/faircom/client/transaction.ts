import { createdTransaction } from '../wire.ts';
import { type ActionOptions, type Actions, createActions, ignored } from './call-action.ts';

/** Ends a transaction that failed; the caller may have gone, and what ends with its session needs no second word. */
async function rollBack({ send, call, settings }: ActionOptions, transactionId: string): Promise<void> {
  const actions = createActions({ send, call: { identity: call.identity }, settings, transactionId });
  await actions.run({ api: 'db', action: 'rollbackTransaction', repeat: 'never' }, ignored).catch(() => undefined);
}

/**
 * Runs `work` inside one transaction: everything it does is stored together or not at all
 * (faircom-netography-api.md §A11).
 * @throws SourceError CONFLICT when the session ended and the transaction with it
 */
export async function runInTransaction<T>(options: ActionOptions, work: (actions: Actions) => Promise<T>): Promise<T> {
  const create = { api: 'db', action: 'createTransaction', repeat: 'never' } as const;
  const transactionId = await createActions(options).run(create, createdTransaction);
  const actions = createActions({ ...options, transactionId });
  try {
    const outcome = await work(actions);
    await actions.run({ api: 'db', action: 'commitTransaction', repeat: 'never' }, ignored);
    return outcome;
  } catch (error) {
    await rollBack(options, transactionId);
    throw error;
  }
}
