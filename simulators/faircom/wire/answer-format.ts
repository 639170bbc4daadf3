import { FairComError } from '../errors.ts';
import { type BinaryFormat, binaryFormats } from '../values/binary.ts';
import type { ValueFormat } from '../values/render-value.ts';
import type { JsonObject } from './exact-json.ts';
import { checkParameters, optionalBoolean, optionalWord, textList } from './parameters.ts';

/** How an answer is written: `responseOptions` over the session's defaults (faircom-netography-api.md §A2). */
export interface AnswerFormat extends ValueFormat {
  readonly dataFormat: 'objects' | 'arrays';
  readonly includeBookmarks: boolean;
  /** Lower-case names; empty means all fields. */
  readonly includeFields: readonly string[];
  readonly excludeFields: readonly string[];
  /** Properties that are left out of the answer. */
  readonly omit: readonly string[];
}

export const vendorDefaults: AnswerFormat = {
  dataFormat: 'objects',
  numberFormat: 'number',
  binaryFormat: 'hex',
  includeBookmarks: false,
  includeFields: [],
  excludeFields: [],
  omit: [],
};

const names = [
  'dataFormat',
  'numberFormat',
  'binaryFormat',
  'variantFormat',
  'stringFormat',
  'fixedLengthCharFormat',
  'includeBookmarks',
  'includeFields',
  'excludeFields',
  'includePaths',
  'excludePaths',
  'omit',
];

const lowerCase = (list: readonly string[]) => list.map((name) => name.toLowerCase());

export const readBinaryFormat = (options: JsonObject): BinaryFormat | undefined =>
  optionalWord(options, 'binaryFormat', binaryFormats);

export function readAnswerFormat(options: JsonObject, defaults: AnswerFormat): AnswerFormat {
  checkParameters(options, { optional: names });
  for (const name of ['includePaths', 'excludePaths']) {
    if (textList(options, name).length > 0) {
      throw new FairComError('parameterWrong', `This simulator has no "${name}".`);
    }
  }
  return {
    dataFormat: optionalWord(options, 'dataFormat', ['objects', 'arrays'] as const) ?? defaults.dataFormat,
    numberFormat: optionalWord(options, 'numberFormat', ['number', 'string'] as const) ?? defaults.numberFormat,
    binaryFormat: readBinaryFormat(options) ?? defaults.binaryFormat,
    includeBookmarks: optionalBoolean(options, 'includeBookmarks') ?? defaults.includeBookmarks,
    includeFields: options.includeFields ? lowerCase(textList(options, 'includeFields')) : defaults.includeFields,
    excludeFields: options.excludeFields ? lowerCase(textList(options, 'excludeFields')) : defaults.excludeFields,
    omit: options.omit ? textList(options, 'omit') : defaults.omit,
  };
}
