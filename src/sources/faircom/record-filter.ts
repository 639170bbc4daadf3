import { canonicalText } from './canonical-value.ts';
import { badInput } from './errors.ts';
import { fieldNamed } from './field-values.ts';
import type { FairComField, FairComTable, FieldCondition, FilterOperator, RecordFilter } from './types.ts';

/** What a filter is checked against. */
export interface FilterScope {
  readonly source: string;
  readonly table: Pick<FairComTable, 'tableName' | 'fields'>;
}

const MAX_DEPTH = 16;
const MAX_CONDITIONS = 200;

const operators: Readonly<Record<FilterOperator, string>> = {
  EQ: '==',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};

/** Names that the expression language reads as one name; SQL can make others. */
const NAME = /^[A-Za-z_]\w*$/;

/** Left and right side of a comparison with a value in its canonical text; undefined where there is no way to write it. */
function sidesOf(field: FairComField, text: string): readonly [left: string, right: string] | undefined {
  if (!NAME.test(field.name)) return undefined;
  switch (field.type) {
    case 'CHAR':
    case 'VARCHAR':
    case 'LVARCHAR':
      // As in C, texts are compared by strcmp, and a NUL would end one. Only newer servers know `field == "text"` (§A10).
      return text.includes('\0') ? undefined : [`strcmp(${field.name}, ${JSON.stringify(text)})`, '0'];
    case 'DATE':
      return [field.name, `{d'${text}'}`];
    case 'TIME':
      return [field.name, `{t'${text}'}`];
    case 'TIMESTAMP':
      return [field.name, `{ts'${text.replace('T', ' ')}'}`];
    case 'BINARY':
    case 'VARBINARY':
    case 'LVARBINARY':
    case 'JSON':
    case 'OTHER':
      return undefined;
    default:
      return [field.name, text];
  }
}

/** The field that a condition names, or a refusal: nothing that is not a field's name gets into an expression. */
export function requireField({ source, table }: FilterScope, name: string): FairComField {
  const field = fieldNamed(table.fields, name);
  if (field) return field;
  throw badInput(source, `Table ${table.tableName} has no field "${name}".`);
}

/** The canonical text of a value that a condition or a key names, or a refusal. */
export function requireText({ source }: FilterScope, field: FairComField, value: FieldCondition['value']): string {
  const text = canonicalText(field, value);
  if (text !== undefined) return text;
  throw badInput(source, `Field "${field.name}" cannot be compared with this value: it is a ${field.vendorType}.`);
}

/** Whether records can be picked by a value of this field. */
export function isFilterable(field: FairComField, value: FieldCondition['value']): boolean {
  const text = canonicalText(field, value);
  return text !== undefined && sidesOf(field, text) !== undefined;
}

function renderCondition(scope: FilterScope, condition: FieldCondition): string {
  const field = requireField(scope, condition.field);
  const text = requireText(scope, field, condition.value);
  const sides = sidesOf(field, text);
  if (!sides) {
    throw badInput(scope.source, `Field "${field.name}" (${field.vendorType}) cannot be used in a filter.`);
  }
  return `${sides[0]} ${operators[condition.operator]} ${sides[1]}`;
}

function renderList(scope: FilterScope, filters: readonly RecordFilter[], sign: string, state: RenderState): string {
  if (filters.length === 0) throw badInput(scope.source, 'A list of conditions in a filter is empty.');
  if (state.depth >= MAX_DEPTH) throw badInput(scope.source, `A filter is nested at most ${MAX_DEPTH} deep.`);
  state.depth += 1;
  const rendered = filters.map((filter) => render(scope, filter, state));
  state.depth -= 1;
  return `(${rendered.join(` ${sign} `)})`;
}

interface RenderState {
  depth: number;
  conditions: number;
}

function render(scope: FilterScope, filter: RecordFilter, state: RenderState): string {
  if ('and' in filter) return renderList(scope, filter.and, '&&', state);
  if ('or' in filter) return renderList(scope, filter.or, '||', state);
  state.conditions += 1;
  if (state.conditions > MAX_CONDITIONS) {
    throw badInput(scope.source, `A filter holds at most ${MAX_CONDITIONS} conditions.`);
  }
  return `(${renderCondition(scope, filter)})`;
}

/**
 * A tableFilter expression (faircom-netography-api.md §A10: C-like, no bind parameters). It is made of known field
 * names and of literals that are rendered from typed values: no text of a caller gets into it unescaped.
 * @throws SourceError BAD_INPUT for unknown fields and for values that are none of the field's type
 */
export function renderFilter(scope: FilterScope, filter: RecordFilter): string {
  return render(scope, filter, { depth: 0, conditions: 0 });
}
