import type { Server } from '../server.ts';
import type { Api } from '../session/session-settings.ts';
import type { Session } from '../session/sessions.ts';
import { type Transaction, writeTo } from '../session/transactions.ts';
import { requireTable } from '../storage/catalogue.ts';
import type { Connection } from '../storage/connection.ts';
import type { Database } from '../storage/database.ts';
import type { Table } from '../storage/table.ts';
import type { BinaryFormat } from '../values/binary.ts';
import { type AnswerFormat, readBinaryFormat } from '../wire/answer-format.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import { optionalText, type ParameterNames, requireText } from '../wire/parameters.ts';

/** A request that needs no session; `session` is there when the request named a living one. */
export interface OpenCall {
  readonly server: Server;
  readonly parameters: JsonObject;
  readonly session: Session | undefined;
}

export interface Call extends OpenCall {
  readonly session: Session;
  /** How the answer is to be written: `responseOptions` over the session's defaults. */
  readonly format: AnswerFormat;
  readonly responseOptions: JsonObject;
}

export interface Outcome {
  readonly result?: JsonObject;
  /** The token that the answer carries instead of the request's. */
  readonly authToken?: string;
}

interface ActionName {
  readonly api: Api;
  readonly action: string;
  /** Other spellings that the vendor's own pages use. */
  readonly aliases?: readonly string[];
  readonly parameters: ParameterNames;
  /** Whether a token of no living session does not matter. */
  readonly ignoresToken?: boolean;
}

export interface OpenAction extends ActionName {
  readonly isOpen: true;
  run(call: OpenCall): Outcome | Promise<Outcome>;
}

export interface SessionAction extends ActionName {
  readonly isOpen: false;
  run(call: Call): Outcome | Promise<Outcome>;
}

export type Action = OpenAction | SessionAction;

/** An action on what is stored (`api` is `db`), for a session. */
export const dbAction = (
  action: string,
  parameters: ParameterNames,
  run: SessionAction['run'],
  aliases: readonly string[] = [],
): SessionAction => ({ api: 'db', action, aliases, parameters, isOpen: false, run });

/** Every action on tables takes these (faircom-netography-api.md §A7). */
export const placeParameters = ['databaseName', 'ownerName', 'transactionId'];

export function findDatabase({ server, session, parameters }: Call): Database {
  return server.store.database(optionalText(parameters, 'databaseName') || session.settings.defaultDatabaseName);
}

export const ownerName = ({ session, parameters }: Call): string =>
  optionalText(parameters, 'ownerName') || session.settings.defaultOwnerName;

export function findTransaction({ server, session, parameters }: Call): Transaction | undefined {
  const transactionId = optionalText(parameters, 'transactionId');
  return transactionId ? server.transactions.require(session, transactionId) : undefined;
}

/** What a transaction has written is visible to itself alone. */
export const readingConnection = (database: Database, transaction: Transaction | undefined): Connection =>
  transaction?.written.has(database) ? database.writer : database.reader;

/** Where an action reads: the database, and the connection that shows what its transaction may see. */
export function readingPlace(call: Call): {
  database: Database;
  transaction: Transaction | undefined;
  connection: Connection;
} {
  const database = findDatabase(call);
  const transaction = findTransaction(call);
  return { database, transaction, connection: readingConnection(database, transaction) };
}

export const findTable = (call: Call, connection: Connection): Table =>
  requireTable(connection, ownerName(call), requireText(call.parameters, 'tableName'));

export const write = <Result>(call: Call, run: (connection: Connection) => Result): Promise<Result> =>
  writeTo(findDatabase(call), findTransaction(call), call.server.settings.lockTimeoutMs, run);

/** How bytes in the request are spelt: the request's own word, else the session's (§A2). */
export const inputFormat = ({ parameters, session }: Call): BinaryFormat =>
  readBinaryFormat(parameters) ?? session.settings.format.binaryFormat;
