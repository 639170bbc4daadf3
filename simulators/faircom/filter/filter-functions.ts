import { type Fragment, join, raw } from '../storage/fragment.ts';

export type OperandType = 'number' | 'text';

export interface FilterFunction {
  readonly operands: readonly OperandType[];
  readonly result: OperandType;
  /** The SQL of a call with these operands. */
  readonly write: (operands: readonly Fragment[]) => Fragment;
}

/** `template` is SQL with `$1`, `$2`, … for the operands, each as often as it is needed. */
function define(operands: readonly OperandType[], result: OperandType, template: string): FilterFunction {
  const pieces = template.split(/(\$\d)/);
  const write: FilterFunction['write'] = (given) =>
    join(
      pieces.map((piece) => (piece.startsWith('$') ? given[Number(piece.slice(1)) - 1] : undefined) ?? raw(piece)),
      '',
    );
  return { operands, result, write };
}

const compared: OperandType[] = ['text', 'text'];
const prefixes: OperandType[] = ['text', 'text', 'number'];

/** Less, equal or greater; null for null operands, so that a missing text is neither equal nor unequal. */
const compare = (left: string, right: string) => `((${left} > ${right}) - (${left} < ${right}))`;
const prefixComparison = define(prefixes, 'number', compare('substr($1, 1, $3)', 'substr($2, 1, $3)'));
const toInteger = define(['text'], 'number', 'CAST($1 AS INTEGER)');
const absolute = define(['number'], 'number', 'abs($1)');
const length = define(['text'], 'number', 'length($1)');
const toLower = define(['text'], 'text', 'lower($1)');
const toUpper = define(['text'], 'text', 'upper($1)');

/** The functions of the table filter language (faircom-netography-api.md §A10), by lower-case name. */
export const filterFunctions: ReadonlyMap<string, FilterFunction> = new Map([
  ['strcmp', define(compared, 'number', compare('$1', '$2'))],
  ['stricmp', define(compared, 'number', compare('lower($1)', 'lower($2)'))],
  ['strncmp', prefixComparison],
  ['strnicmp', define(prefixes, 'number', compare('lower(substr($1, 1, $3))', 'lower(substr($2, 1, $3))'))],
  ['memcmp', prefixComparison],
  ['strlen', length],
  ['length', length],
  ['atoi', toInteger],
  ['atol', toInteger],
  ['atof', define(['text'], 'number', 'CAST($1 AS REAL)')],
  ['abs', absolute],
  ['labs', absolute],
  ['fabs', absolute],
  ['ceil', define(['number'], 'number', 'ceil($1)')],
  ['floor', define(['number'], 'number', 'floor($1)')],
  ['fmod', define(['number', 'number'], 'number', 'mod($1, $2)')],
  ['ascii', define(['text'], 'number', 'unicode($1)')],
  ['chr', define(['number'], 'text', 'char($1)')],
  ['concat', define(compared, 'text', '($1 || $2)')],
  ['lcase', toLower],
  ['lower', toLower],
  ['ucase', toUpper],
  ['upper', toUpper],
  ['ltrim', define(['text'], 'text', 'ltrim($1)')],
  ['rtrim', define(['text'], 'text', 'rtrim($1)')],
  ['left', define(['text', 'number'], 'text', 'substr($1, 1, $2)')],
  ['substring', define(['text', 'number', 'number'], 'text', 'substr($1, $2, $3)')],
  [
    'insert',
    define(['text', 'number', 'number', 'text'], 'text', '(substr($1, 1, $2 - 1) || $4 || substr($1, $2 + $3))'),
  ],
]);
