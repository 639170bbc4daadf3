export interface Target {
  readonly what: string;
  readonly found: number;
  /** What is still good enough. */
  readonly most: number;
  /** Behind both numbers, with its space if it has one. */
  readonly unit?: string;
}

const digits = (value: number) => value.toFixed(2);

/** One line that says what was aimed at, what was found, and whether that is MET or MISSED. */
export function renderTarget({ what, found, most, unit = '' }: Target): string {
  return `${what}: ${digits(found)}${unit}, at most ${digits(most)}${unit}: ${found <= most ? 'MET' : 'MISSED'}`;
}
