import type { z } from 'zod';
import { type Reader, Unreadable } from '../../../reading/reader.ts';
import type { SourceError } from '../../../transport/source-error.ts';
import type { Call, Send } from '../../../transport/upstream.ts';
import { badAnswer, readEnvelope, readItem } from '../errors.ts';
import type { TableRef } from '../types.ts';

/** What the actions of one source have in common. */
export interface ActionSettings {
  /** Name of the source in the configuration. */
  readonly source: string;
  readonly apiPath: string;
  /** Used where a call names no database. */
  readonly databaseName: string;
  /** Used where a call names no owner. */
  readonly ownerName: string;
}

export interface Action {
  readonly api: 'admin' | 'db';
  readonly action: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly repeat: 'safe' | 'never';
}

/** Calls actions for one caller, inside one transaction or outside of any. */
export interface Actions extends ActionSettings {
  /** Calls an action and reads its result. @throws SourceError for every refusal */
  run<T>(action: Action, result: Reader<T>): Promise<T>;
}

/** Of actions whose success says everything. */
export const ignored: Reader<unknown> = (result) => result;

/** Every number as text, or bigints would be rounded on the way (faircom-netography-api.md §A2). */
const responseOptions = { dataFormat: 'objects', numberFormat: 'string', binaryFormat: 'hex' };

export interface ActionOptions {
  readonly send: Send;
  readonly call: Call;
  readonly settings: ActionSettings;
  /** The transaction that every call belongs to. */
  readonly transactionId?: string | undefined;
}

/** One verb to one URL; the envelope says what is meant and whether it worked (§A1 to §A3). */
export function createActions({ send, call, settings, transactionId }: ActionOptions): Actions {
  const { source, apiPath } = settings;
  return {
    ...settings,
    run: async ({ api, action, params = {}, repeat }, result) => {
      const json = {
        api,
        action,
        params: { ...params, transactionId },
        ...(api === 'db' ? { responseOptions } : {}),
      };
      const response = await send(
        { operation: `faircom.${action}`, method: 'POST', path: apiPath, json, repeat },
        call,
      );
      const envelope = readEnvelope(source, response);
      try {
        return result(envelope.result);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        throw badAnswer(source, `an answer to ${action} that cannot be read`, error);
      }
    },
  };
}

/** The table that an action is about, with the configuration's database and owner where none are named. */
export const placeOf = (actions: ActionSettings, table: Pick<TableRef, 'databaseName' | 'ownerName'>) => ({
  databaseName: table.databaseName ?? actions.databaseName,
  ownerName: table.ownerName ?? actions.ownerName,
});

/** Reads the rows of a list one by one. */
export function readItems<Wire, T>(
  source: string,
  rows: readonly unknown[],
  item: { readonly schema: z.ZodType<Wire>; readonly convert: (wire: Wire) => T; readonly what: string },
): (T | SourceError)[] {
  return rows.map((row) =>
    readItem(() => {
      const parsed = item.schema.safeParse(row);
      if (parsed.success) return item.convert(parsed.data);
      throw badAnswer(source, `${item.what} that cannot be read`, parsed.error);
    }),
  );
}
