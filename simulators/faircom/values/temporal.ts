const ISO_DATE = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const MONTH_FIRST = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/;
const MONTH_NAME = /^(\d{1,2})[-/]([A-Za-z]{3})[-/](\d{4})$/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const pad = (value: number | string, width: number) => String(value).padStart(width, '0');

function dateOf(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` : undefined;
}

/** Reads `2026-01-05` or `20260105` (faircom-netography-api.md §A8); gives `YYYY-MM-DD`. */
export function parseDate(text: string): string | undefined {
  const [, year, month, day] = ISO_DATE.exec(text.trim()) ?? [];
  return year === undefined ? undefined : dateOf(Number(year), Number(month), Number(day));
}

/** Also reads the spellings of table filters: `12-06-2024`, `12/06/2024` (month first) and `6-DEC-2024` (§A10). */
export function parseFilterDate(text: string): string | undefined {
  const iso = parseDate(text.trim().replaceAll('/', '-'));
  if (iso !== undefined) return iso;
  const [, month, day, year] = MONTH_FIRST.exec(text.trim()) ?? [];
  if (month !== undefined) return dateOf(Number(year), Number(month), Number(day));
  const [, namedDay, name = '', namedYear] = MONTH_NAME.exec(text.trim()) ?? [];
  const index = months.indexOf(name.toLowerCase());
  return index < 0 ? undefined : dateOf(Number(namedYear), index + 1, Number(namedDay));
}

/** Reads `17:35`, `17:35:20` or `17:35:20.5`; gives `HH:MM:SS.mmm`, because the vendor stores milliseconds (§A8). */
export function parseTime(text: string): string | undefined {
  const [, hours, minutes, seconds = '0', fraction = ''] = TIME.exec(text.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return `${pad(hours, 2)}:${minutes}:${pad(seconds, 2)}.${fraction.slice(0, 3).padEnd(3, '0')}`;
}

/** Reads a date with an optional time and no zone (§A8); gives `YYYY-MM-DDTHH:MM:SS.mmm`. */
export function parseTimestamp(text: string, readDate = parseDate): string | undefined {
  const [dateText = '', timeText, ...rest] = text.trim().split(/[T ]/);
  const date = readDate(dateText);
  const time = parseTime(timeText ?? '00:00');
  return date === undefined || time === undefined || rest.length > 0 ? undefined : `${date}T${time}`;
}

/** The server's clock as it appears in sessions and automatic fields: ISO, no zone. */
export const timestampOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23);
