import { addSavepoint, revertToSavepoint, type Transaction } from '../session/transactions.ts';
import { optionalInteger, optionalText, requireText } from '../wire/parameters.ts';
import { type Call, dbAction, type Outcome, type SessionAction } from './action.ts';

function requireTransaction({ server, session, parameters }: Call): Transaction {
  return server.transactions.require(session, requireText(parameters, 'transactionId'));
}

function createTransaction({ server, session }: Call): Outcome {
  return { result: { transactionId: server.transactions.open(session).transactionId } };
}

function createTransactionSavepoint(call: Call): Outcome {
  return { result: { transactionSavepointId: addSavepoint(requireTransaction(call)) } };
}

/** The vendor's own example answer has no `result` (faircom-netography-api.md §A3). */
function revertTransactionToSavepoint(call: Call): Outcome {
  const id = optionalInteger(call.parameters, 'transactionSavepointId') ?? 0;
  revertToSavepoint(requireTransaction(call), id);
  return {};
}

/** With a savepoint, what came after it is not committed; the transaction closes in any case (§A11). */
function commitTransaction(call: Call): Outcome {
  const transaction = requireTransaction(call);
  const id = optionalInteger(call.parameters, 'transactionSavepointId');
  if (id !== undefined) revertToSavepoint(transaction, id);
  call.server.transactions.commit(transaction);
  return { result: {} };
}

function rollbackTransaction(call: Call): Outcome {
  call.server.transactions.rollback(requireTransaction(call));
  return { result: {} };
}

/** The server's one account is an administrator, so that it sees the transactions of all sessions (§A11). */
function listTransactions({ server, parameters }: Call): Outcome {
  const wanted = optionalText(parameters, 'username')?.toLowerCase();
  const data = server.transactions
    .all()
    .map(({ transactionId, session: { authToken, username } }) => ({ authToken, username, transactionId }))
    .filter(({ username }) => wanted === undefined || username.toLowerCase() === wanted);
  return { result: { dataFormat: 'objects', data } };
}

const named = { required: ['transactionId'] };

/** Transactions (faircom-netography-api.md §A11). */
export const transactionActions: readonly SessionAction[] = [
  dbAction('createTransaction', {}, createTransaction),
  dbAction('createTransactionSavepoint', named, createTransactionSavepoint),
  dbAction(
    'revertTransactionToSavepoint',
    { required: ['transactionId', 'transactionSavepointId'] },
    revertTransactionToSavepoint,
    ['revertToTransactionSavepoint'],
  ),
  dbAction(
    'commitTransaction',
    { required: ['transactionId'], optional: ['transactionSavepointId'] },
    commitTransaction,
  ),
  dbAction('rollbackTransaction', named, rollbackTransaction),
  dbAction('listTransactions', { optional: ['username'] }, listTransactions),
];
