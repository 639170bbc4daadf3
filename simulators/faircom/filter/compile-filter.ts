import { FairComError } from '../errors.ts';
import { decimalKey } from '../storage/database.ts';
import { bound, type Fragment, raw, sql } from '../storage/fragment.ts';
import { quoteName, requireField, type Table } from '../storage/table.ts';
import { parseDecimal } from '../values/decimal.ts';
import { storeDecimal } from '../values/encode-value.ts';
import { type Field, kindOf } from '../values/field.ts';
import { parseFilterDate, parseTime, parseTimestamp } from '../values/temporal.ts';
import { type FilterFunction, filterFunctions } from './filter-functions.ts';
import { type Expression, parseFilter } from './parse-filter.ts';
import { filterSyntaxError } from './tokens.ts';

type ValueType = 'number' | 'text' | 'date' | 'time' | 'timestamp' | 'bytes';

interface Compiled {
  readonly fragment: Fragment;
  readonly type: ValueType;
  /** How to compare it as an exact decimal; only fields of a decimal type and number literals have it. */
  readonly decimal?: Fragment;
  readonly isDecimalField?: boolean;
  /** The text of a literal, which takes the type of what it is compared with. */
  readonly literal?: string;
}

/** The filter is well formed but cannot be worked out: code 598 (faircom-netography-api.md §A10). */
const evaluationError = (message: string) => new FairComError('filterFailed', `tableFilter: ${message}`);

const fieldValueTypes: Readonly<Record<ReturnType<typeof kindOf>, ValueType>> = {
  bit: 'number',
  integer: 'number',
  float: 'number',
  decimal: 'number',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  text: 'text',
  json: 'text',
  binary: 'bytes',
};

function compileField(field: Field): Compiled {
  const fragment = raw(quoteName(field.name));
  const type = fieldValueTypes[kindOf(field)];
  if (kindOf(field) !== 'decimal') return { fragment, type };
  return { fragment, type, decimal: sql`decimal_key(${fragment})`, isDecimalField: true };
}

function compileNumber(text: string): Compiled {
  const decimal = parseDecimal(text);
  if (!decimal) throw filterSyntaxError(`${text} is not a number`);
  const stored = storeDecimal(decimal);
  const approximate = typeof stored === 'string' ? Number(stored) : stored;
  // A bigint column holds 19 digits exactly; a double does not.
  const exact = decimal.fraction === '' && decimal.whole.length === 19 ? BigInt(text) : undefined;
  const value = exact !== undefined && BigInt.asIntN(64, exact) === exact ? exact : approximate;
  return { fragment: bound(value), type: 'number', decimal: bound(decimalKey(text)) };
}

const temporalReaders: Readonly<Record<'date' | 'time' | 'timestamp', (text: string) => string | undefined>> = {
  date: parseFilterDate,
  time: parseTime,
  timestamp: (text) => parseTimestamp(text, parseFilterDate),
};

/** Gives a literal the type of the other side: `sent > '6-DEC-2024'` compares points in time, not texts. */
function convertLiteral(side: Compiled, other: Compiled): Compiled {
  if (side.literal === undefined || side.type === other.type) return side;
  if (other.type !== 'date' && other.type !== 'time' && other.type !== 'timestamp') return side;
  const converted = temporalReaders[other.type](side.literal);
  if (converted === undefined) throw evaluationError(`"${side.literal}" is not a ${other.type}`);
  return { fragment: bound(converted), type: other.type };
}

const comparisons: Readonly<Record<string, string>> = {
  '==': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function compileComparison(operator: string, first: Compiled, second: Compiled): Compiled {
  const left = convertLiteral(first, second);
  const right = convertLiteral(second, first);
  if (left.type !== right.type) throw evaluationError(`a ${left.type} cannot be compared with a ${right.type}`);
  const isExact = Boolean(left.isDecimalField || right.isDecimalField) && left.decimal && right.decimal;
  const sign = raw(operator);
  const fragment = isExact
    ? sql`(${left.decimal ?? left.fragment} ${sign} ${right.decimal ?? right.fragment})`
    : sql`(${left.fragment} ${sign} ${right.fragment})`;
  return { fragment, type: 'number' };
}

function requireNumber(value: Compiled, operator: string): Fragment {
  if (value.type !== 'number') throw evaluationError(`"${operator}" needs a number, not a ${value.type}`);
  return value.fragment;
}

const logical: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR' };

function compileBinary(table: Table, expression: Extract<Expression, { kind: 'binary' }>): Compiled {
  const { operator } = expression;
  const left = compile(table, expression.left);
  const right = compile(table, expression.right);
  const comparison = comparisons[operator];
  if (comparison) return compileComparison(comparison, left, right);
  const sign = raw(logical[operator] ?? operator);
  const operands = [requireNumber(left, operator), requireNumber(right, operator)] as const;
  return { fragment: sql`(${operands[0]} ${sign} ${operands[1]})`, type: 'number' };
}

function compileCall(table: Table, expression: Extract<Expression, { kind: 'call' }>): Compiled {
  const called: FilterFunction | undefined = filterFunctions.get(expression.name);
  if (!called) throw filterSyntaxError(`there is no function "${expression.name}"`);
  if (called.operands.length !== expression.operands.length) {
    throw filterSyntaxError(`"${expression.name}" takes ${called.operands.length} operands`);
  }
  const operands = expression.operands.map((operand, index) => {
    const compiled = compile(table, operand);
    if (compiled.type === called.operands[index]) return compiled.fragment;
    throw evaluationError(`operand ${index + 1} of "${expression.name}" must be a ${called.operands[index]}`);
  });
  return { fragment: called.write(operands), type: called.result };
}

const unarySigns: Readonly<Record<string, string>> = { '!': 'NOT ', '-': '-', '+': '+', '~': '~' };

function compile(table: Table, expression: Expression): Compiled {
  switch (expression.kind) {
    case 'number':
      return compileNumber(expression.text);
    case 'text':
      return { fragment: bound(expression.text), type: 'text', literal: expression.text };
    case 'field':
      return compileField(requireField(table, expression.name));
    case 'call':
      return compileCall(table, expression);
    case 'cast': {
      const { fragment } = compile(table, expression.operand);
      return { fragment: sql`CAST(${fragment} AS ${raw(expression.type)})`, type: 'number' };
    }
    case 'unary':
      return compileUnary(table, expression);
    case 'binary':
      return compileBinary(table, expression);
    default: {
      const converted = temporalReaders[expression.kind](expression.text);
      if (converted === undefined) throw filterSyntaxError(`"${expression.text}" is not a ${expression.kind}`);
      return { fragment: bound(converted), type: expression.kind, literal: expression.text };
    }
  }
}

function compileUnary(table: Table, expression: Extract<Expression, { kind: 'unary' }>): Compiled {
  const { operator, operand } = expression;
  if (operator === '-' && operand.kind === 'number') return compileNumber(`-${operand.text}`);
  const value = requireNumber(compile(table, operand), operator);
  return { fragment: sql`(${raw(unarySigns[operator] ?? operator)}${value})`, type: 'number' };
}

/** Turns a table filter into a condition on the table's columns with bound values; undefined for an empty filter. */
export function compileFilter(table: Table, text: string): Fragment | undefined {
  const expression = parseFilter(text);
  if (!expression) return undefined;
  return requireNumber(compile(table, expression), 'a condition');
}
