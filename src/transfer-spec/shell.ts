/** What no shell takes for anything but itself, wherever it stands. */
const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/** A text as one word of a POSIX shell. */
export const quote = (value: string): string => (plain.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);

/** Words of a POSIX shell, with spaces between them. */
export const quoteAll = (values: readonly string[]): string => values.map(quote).join(' ');
