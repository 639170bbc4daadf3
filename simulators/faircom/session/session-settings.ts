import { binaryFormats } from '../values/binary.ts';
import { type AnswerFormat, readAnswerFormat, vendorDefaults } from '../wire/answer-format.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import {
  optionalBoolean,
  optionalInteger,
  optionalObject,
  optionalText,
  optionalWord,
  type ParameterNames,
} from '../wire/parameters.ts';

export const apis = ['admin', 'db', 'hub', 'mq', 'transform'] as const;
export type Api = (typeof apis)[number];

export const debugLevels = ['none', 'min', 'max'] as const;
export type DebugLevel = (typeof debugLevels)[number];

/** What createSession and alterSession set (faircom-netography-api.md §A4). */
export interface SessionSettings {
  readonly description: string;
  readonly defaultApi: Api;
  readonly defaultDebug: DebugLevel;
  readonly defaultDatabaseName: string;
  readonly defaultOwnerName: string;
  readonly defaultVariantFormat: string;
  readonly defaultStringFormat: string;
  readonly defaultFixedLengthCharFormat: string;
  readonly format: AnswerFormat;
  readonly idleConnectionTimeoutSeconds: number;
  readonly idleCursorTimeoutSeconds: number;
  readonly permanentSession: boolean;
  readonly transformBufferInitialBytes: number | undefined;
}

const optional = [
  'description',
  'defaultApi',
  'defaultDebug',
  'defaultDatabaseName',
  'defaultOwnerName',
  'defaultBinaryFormat',
  'defaultVariantFormat',
  'defaultStringFormat',
  'defaultFixedLengthCharFormat',
  'defaultResponseOptions',
  'idleConnectionTimeoutSeconds',
  'idleCursorTimeoutSeconds',
  'permanentSession',
  'transformBufferInitialBytes',
];

export const alterSessionParameters: ParameterNames = { optional };
export const createSessionParameters: ParameterNames = { required: ['username', 'password'], optional };

/** The DB product's defaults (§A4). */
export const firstSettings = (idleSeconds: number): SessionSettings => ({
  description: '',
  defaultApi: 'db',
  defaultDebug: 'none',
  defaultDatabaseName: 'ctreeSQL',
  defaultOwnerName: 'admin',
  defaultVariantFormat: 'json',
  defaultStringFormat: 'json',
  defaultFixedLengthCharFormat: 'sql',
  format: vendorDefaults,
  idleConnectionTimeoutSeconds: idleSeconds,
  idleCursorTimeoutSeconds: 600,
  permanentSession: false,
  transformBufferInitialBytes: undefined,
});

function readFormat(parameters: JsonObject, current: AnswerFormat): AnswerFormat {
  const binaryFormat = optionalWord(parameters, 'defaultBinaryFormat', binaryFormats) ?? current.binaryFormat;
  const options = optionalObject(parameters, 'defaultResponseOptions') ?? {};
  return readAnswerFormat(options, { ...current, binaryFormat });
}

/** The settings with what the parameters change; -1 seconds means never. */
export function readSettings(parameters: JsonObject, current: SessionSettings): SessionSettings {
  const text = (name: keyof SessionSettings & `default${string}`) =>
    optionalText(parameters, name) || String(current[name]);
  const seconds = (name: 'idleConnectionTimeoutSeconds' | 'idleCursorTimeoutSeconds') =>
    optionalInteger(parameters, name, -1) ?? current[name];
  return {
    description: optionalText(parameters, 'description') ?? current.description,
    defaultApi: optionalWord(parameters, 'defaultApi', apis) ?? current.defaultApi,
    defaultDebug: optionalWord(parameters, 'defaultDebug', debugLevels) ?? current.defaultDebug,
    defaultDatabaseName: text('defaultDatabaseName'),
    defaultOwnerName: text('defaultOwnerName'),
    defaultVariantFormat: text('defaultVariantFormat'),
    defaultStringFormat: text('defaultStringFormat'),
    defaultFixedLengthCharFormat: text('defaultFixedLengthCharFormat'),
    format: readFormat(parameters, current.format),
    idleConnectionTimeoutSeconds: seconds('idleConnectionTimeoutSeconds'),
    idleCursorTimeoutSeconds: seconds('idleCursorTimeoutSeconds'),
    permanentSession: optionalBoolean(parameters, 'permanentSession') ?? current.permanentSession,
    transformBufferInitialBytes:
      optionalInteger(parameters, 'transformBufferInitialBytes') ?? current.transformBufferInitialBytes,
  };
}
