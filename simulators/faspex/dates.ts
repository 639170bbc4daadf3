/** A time as package fields carry it: ISO 8601 with an offset without colon (aspera-apps-api.md §1). */
export const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** A time as transfer details and tokens carry it: whole seconds, Zulu. */
export const zuluStamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+ -]\d{2}:?\d{2})?$/;

/**
 * Reads a date or date-time; without an offset it is UTC. A space before the offset counts as `+`, because clients
 * forget to escape the plus sign in a query. Gives undefined where the text is no time.
 */
export function parseStamp(text: string): number | undefined {
  const match = DATE_TIME.exec(text.trim());
  if (!match) return undefined;
  const [, day, time = '00:00:00', zone = 'Z'] = match;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3).replace(' ', '+')}:${zone.slice(-2)}`;
  const ms = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}
