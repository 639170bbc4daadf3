import { listAt, objectAt, valueAt } from '../openapi/json.ts';
import { readReference } from '../openapi/reference.ts';

/** One action as the reference lists it. */
export interface ReferenceAction {
  readonly api: string;
  readonly action: string;
  readonly aliases: readonly string[];
  readonly needsSession: boolean;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Members of `result`, and of the rows in its `data`. */
  readonly result: readonly string[];
  readonly row: readonly string[];
  /** Whether it answers a page of records, or a cursor over them. */
  readonly isRead: boolean;
}

export interface Reference {
  readonly actions: readonly ReferenceAction[];
  /** Members of `result` of every action that reads records. */
  readonly readResult: readonly string[];
}

const textsAt = (value: unknown, ...path: readonly string[]): string[] => {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.map(String) : [];
};

/** `name`, `name*` for a required one, `name{…}*` where what is inside is told. */
const nameOf = (text: string) => text.replace(/\{.*\}/, '').replace('*', '');
const isRequired = (text: string) => text.endsWith('*');

/** Whoever names a table may say where it is, and take part in a transaction (faircom-netography-api.md §A7). */
const placeOf = (names: readonly string[]) =>
  names.includes('tableName') || names.includes('tableNames') ? ['databaseName', 'ownerName', 'transactionId'] : [];

function expand(document: unknown, texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    if (text === '+read') return textsAt(document, 'common', 'read');
    if (text !== 'same defaults as createSession') return [text];
    const session = listAt(document, 'actions').find(({ action }) => action === 'createSession');
    return textsAt(session, 'params').filter((name) => !isRequired(name));
  });
}

/** Reads the list of actions. */
export function readActions(): Reference {
  const document: unknown = JSON.parse(readReference('faircom-actions.json'));
  const actions = listAt(document, 'actions').map((listed): ReferenceAction => {
    const texts = expand(document, textsAt(listed, 'params'));
    const names = [...texts.map(nameOf), ...placeOf(texts.map(nameOf))];
    const required = texts.filter(isRequired).map(nameOf);
    return {
      api: String(listed.api),
      action: String(listed.action),
      aliases: textsAt(listed, 'aliases'),
      needsSession: !('auth' in listed),
      required,
      optional: [...new Set(names)].filter((name) => !required.includes(name)),
      result: textsAt(listed, 'result'),
      row: textsAt(listed, 'row'),
      isRead: textsAt(listed, 'params').includes('+read'),
    };
  });
  return { actions, readResult: textsAt(objectAt(document, 'common'), 'readResult') };
}
