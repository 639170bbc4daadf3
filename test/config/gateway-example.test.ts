import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { gatewayJsonSchema } from '../../src/config/gateway-json-schema.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const text = readFileSync(new URL('../../gateway.example.yaml', import.meta.url), 'utf8');
const allMatches = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

type Schema = ReturnType<typeof gatewayJsonSchema>;

/** Every setting of the schema, as `sources.node[].tls.caFile`, with its description. */
function settingsOf(schema: Schema, path = ''): { path: string; description: string | undefined }[] {
  const { items } = schema;
  if (typeof items === 'object' && !Array.isArray(items)) return settingsOf(items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    if (typeof part === 'boolean') return [];
    const below = path === '' ? name : `${path}.${name}`;
    return [{ path: below, description: part.description }, ...settingsOf(part, below)];
  });
}

/** Every setting that a value has, in the same spelling. */
function settingsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => settingsIn(entry, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const below = path === '' ? name : `${path}.${name}`;
    return [below, ...settingsIn(member, below)];
  });
}

/** A folder with every file that the example names, each an RSA key, which suits all of them. */
function folderWithFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const file of [...allMatches(/^\s*\w+File: (\S+)/gm), ...allMatches(/\{ file: (\S+) \}/g)]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file.endsWith('.pem') ? pem : 'newsroom-key-0123456789');
  }
  return folder;
}

describe('gateway.example.yaml', () => {
  it('is a configuration that loads once its files and variables are there', () => {
    const names = allMatches(/\{ env: (\w+) \}/g);
    const env = Object.fromEntries(names.map((name) => [name, `${name}-0123456789abcdef`]));
    const config = loadConfig(text, { folder: folderWithFiles(), env, file: 'gateway.example.yaml' });
    expect(config.sources.node.map(({ name }) => name)).toEqual(['london', 'tokyo', 'cloud']);
    expect(config.sources.faspex.map(({ name }) => name)).toEqual(['faspex', 'partner']);
    expect(config.viewers.apiKeys.map(({ name }) => name)).toEqual(['operations', 'newsroom']);
  });

  it('names every setting that exists', () => {
    const named = new Set(settingsIn(parse(text)));
    expect(settingsOf(gatewayJsonSchema()).filter(({ path }) => !named.has(path))).toEqual([]);
  });

  it('shows the default of every setting of the gateway itself', () => {
    const config = parse(text);
    const { properties } = gatewayJsonSchema();
    for (const part of ['server', 'limits', 'progress', 'log', 'metrics']) {
      const section = properties?.[part];
      const settings = typeof section === 'object' ? Object.entries(section.properties ?? {}) : [];
      const defaults = settings.flatMap(([name, schema]) =>
        typeof schema === 'object' && schema.default !== undefined ? [[name, schema.default]] : [],
      );
      expect(config[part]).toMatchObject(Object.fromEntries(defaults));
    }
  });
});

describe('the JSON schema for editors', () => {
  it('describes every setting', () => {
    expect(settingsOf(gatewayJsonSchema()).filter(({ description }) => !description)).toEqual([]);
  });

  it('accepts the example as it is written, and no secret in it', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(gatewayJsonSchema());
    const config = parse(text);
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...config, ownershipKey: 'written down' })).toBe(false);
    expect(validate({ ...config, sevrer: {} })).toBe(false);
  });
});
