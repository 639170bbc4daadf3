import type { ExecutionResult } from 'graphql';
import { formatResult } from '../format-result.ts';
import type { ResultBytes } from './outlet.ts';
import type { Selection } from './selection.ts';

/** One event as it goes out: the same bytes for everybody. */
export interface Payload {
  /** The result of its execution, as JSON. */
  readonly bytes: ResultBytes;
  /** The same for who did not read fast enough. */
  afterSkips(): ResultBytes;
  /** What stands for this event and everything before it, where more things have changed than can wait. */
  afterLoss(): ResultBytes;
}

function encode(result: ExecutionResult): ResultBytes {
  const closed = Buffer.from(`${JSON.stringify(formatResult(result))}}`);
  return { closed, json: closed.subarray(0, -1) };
}

/** The result with other values in fields of the event itself, where these have been selected. */
function withFields(
  { data, ...rest }: ExecutionResult,
  { root, eventFields }: Selection,
  values: Readonly<Record<string, unknown>>,
): ExecutionResult {
  const key = (root.alias ?? root.name).value;
  const event = data?.[key];
  if (typeof event !== 'object' || event === null) return { data: data ?? null, ...rest };
  const changed = Object.entries(event).map(([name, value]) => {
    const field = eventFields.get(name);
    return [name, field !== undefined && field in values ? values[field] : value];
  });
  return { ...rest, data: { ...data, [key]: Object.fromEntries(changed) } };
}

export function createPayload(result: ExecutionResult, selection: Selection): Payload {
  const { afterSkips, afterLoss = {} } = selection.shared;
  const variants = new Map<object, ResultBytes>();
  const variant = (values: Readonly<Record<string, unknown>>, shown: ExecutionResult) => {
    const bytes = variants.get(values) ?? encode(withFields(shown, selection, values));
    variants.set(values, bytes);
    return bytes;
  };
  return {
    bytes: encode(result),
    afterSkips: () => variant(afterSkips, result),
    // Errors of this event are about what is no longer shown.
    afterLoss: () => variant(afterLoss, { data: result.data ?? null }),
  };
}
