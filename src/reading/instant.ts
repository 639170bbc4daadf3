const month31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])';
const month30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)';
const february = '02-(?:0[1-9]|1\\d|2[0-8])';
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';

const instant = new RegExp(`^\\d{4}-(?:${month31}|${month30}|${february})T${time}(?:\\.\\d{3})?Z$`);

/**
 * Whether a text is a moment in the form that nearly all of them have: `2026-01-31T09:00:00Z` or
 * `2026-01-31T09:00:00.250Z`. False does not say that it is none; 29 February is one that has to be looked at otherwise.
 */
export const isPlainInstant = (text: string): boolean => instant.test(text);
