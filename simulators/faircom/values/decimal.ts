const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export interface Decimal {
  readonly isNegative: boolean;
  /** Digits before the point without leading zeros; empty below one. */
  readonly whole: string;
  /** Digits after the point without trailing zeros. */
  readonly fraction: string;
}

/** Reads a decimal with an optional exponent, exactly; undefined when the text is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const [matched, sign, before = '', after = '', exponentText = '0'] = DECIMAL.exec(text.trim()) ?? [];
  if (matched === undefined || before + after === '') return undefined;
  const exponent = Number(exponentText);
  const digits = before + after;
  const point = before.length + exponent;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const cut = Math.max(point, 0);
  const whole = padded.slice(0, cut).replace(/^0+/, '');
  const fraction = padded.slice(cut).replace(/0+$/, '');
  return { isNegative: sign === '-' && whole + fraction !== '', whole, fraction };
}

/** The one spelling of a decimal: no exponent, no needless zero. */
export function formatDecimal({ isNegative, whole, fraction }: Decimal): string {
  return `${isNegative ? '-' : ''}${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`;
}

export function isSameDecimal(left: string, right: string): boolean {
  const [first, second] = [parseDecimal(left), parseDecimal(right)];
  return first !== undefined && second !== undefined && formatDecimal(first) === formatDecimal(second);
}

const complement = (digits: string) => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/**
 * A text that sorts as the number does, whatever its number of digits: SQLite has no exact type beyond 64 bits, and
 * Node's SQLite has no custom collations.
 */
export function decimalSortKey({ isNegative, whole, fraction }: Decimal): string {
  if (whole + fraction === '') return '1';
  const magnitude = String(whole.length).padStart(3, '0') + whole + fraction;
  return isNegative ? `0${complement(magnitude)}~` : `2${magnitude}`;
}
