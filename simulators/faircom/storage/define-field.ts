import { FairComError } from '../errors.ts';
import { encodeValue } from '../values/encode-value.ts';
import {
  type AutoValue,
  autoValues,
  type Field,
  type FieldType,
  fieldTypes,
  isFieldType,
  kindOf,
} from '../values/field.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import {
  checkParameters,
  optionalBoolean,
  optionalInteger,
  optionalWord,
  requireText,
  wrongParameter,
} from '../wire/parameters.ts';
import { checkName } from './table.ts';

const optional = ['length', 'scale', 'nullable', 'defaultValue', 'autoValue', 'primaryKey'];

const refused = (field: string, reason: string) =>
  new FairComError('definitionRefused', `Field "${field}" cannot be made: ${reason}.`);

export function readFieldType(definition: JsonObject): FieldType {
  const type = requireText(definition, 'type').toLowerCase();
  if (!isFieldType(type)) throw wrongParameter('type', `one of ${Object.keys(fieldTypes).join(', ')}`);
  return type;
}

function readLength(definition: JsonObject, name: string, type: FieldType): number | null {
  const { defaultLength, maxLength } = fieldTypes[type];
  if (defaultLength === undefined || maxLength === undefined) return null;
  const length = optionalInteger(definition, 'length', 1) ?? defaultLength;
  if (length > maxLength) throw refused(name, `a ${type} has a length of at most ${maxLength}`);
  return length;
}

function readScale(definition: JsonObject, name: string, type: FieldType, length: number | null): number | null {
  const { defaultScale } = fieldTypes[type];
  if (defaultScale === undefined) return null;
  const scale = optionalInteger(definition, 'scale') ?? defaultScale;
  if (type === 'money' && scale !== 2 && scale !== 4) throw refused(name, 'money has a scale of 2 or 4');
  if (length !== null && scale > length) throw refused(name, 'its scale is larger than its length');
  return scale;
}

function checkAutoValue(name: string, type: FieldType, autoValue: AutoValue): void {
  const isRight =
    autoValue === 'none' ||
    (autoValue === 'changeId' && type === 'bigint') ||
    (autoValue === 'incrementOnInsert' && kindOf({ type }) === 'integer') ||
    (autoValue.startsWith('timestamp') && type === 'timestamp');
  if (!isRight) throw refused(name, `a ${type} cannot have the autoValue ${autoValue}`);
}

/** Reads a field definition of createTable or alterTable (faircom-netography-api.md §A7). */
export function readField(definition: JsonObject): Field {
  checkParameters(definition, { required: ['name', 'type'], optional });
  const name = requireText(definition, 'name');
  checkName(name, 'field');
  const type = readFieldType(definition);
  const length = readLength(definition, name, type);
  const autoValue = optionalWord(definition, 'autoValue', autoValues) ?? 'none';
  checkAutoValue(name, type, autoValue);
  const field: Field = {
    name,
    type,
    length,
    scale: readScale(definition, name, type, length),
    defaultValue: definition.defaultValue ?? null,
    nullable: optionalBoolean(definition, 'nullable') ?? true,
    primaryKey: optionalInteger(definition, 'primaryKey') ?? 0,
    autoValue,
  };
  encodeValue({ ...field, nullable: true }, field.defaultValue, 'hex');
  return field;
}
