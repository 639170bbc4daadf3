const UTC_MILLISECONDS = /:\d\d\.\d{3}\+0000$/;

/** Offsets come without a colon (`+0000`, aspera-apps-api.md §1), which RFC 3339 does not allow. */
export function dateTime(value: string | undefined): string | undefined {
  if (value === undefined || value.endsWith('Z')) return value;
  // As every answer that was seen has it.
  if (UTC_MILLISECONDS.test(value)) return `${value.slice(0, -5)}Z`;
  return value.replace(/(:\d\d(?:\.\d+)?)([+-]\d\d)(\d\d)$/, '$1$2:$3').replace(/\+00:00$/, 'Z');
}
