import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Parameter } from '../../../src/transfer-spec/parameter.ts';
import { parameterEntries, parameterOf } from '../../../src/transfer-spec/parameters.ts';
import { validateTransferSpec } from '../../../src/transfer-spec/validate.ts';
import { readReference } from '../openapi/reference.ts';

/** What the vendor's document says of one parameter. */
interface Documented {
  readonly type: string | readonly string[];
  readonly enum?: readonly string[];
  readonly 'x-agents'?: readonly string[];
  readonly 'x-cli-envvar'?: string;
  readonly 'x-cli-option'?: string | boolean;
  readonly 'x-cli-switch'?: boolean;
  readonly 'x-cli-special'?: boolean;
  readonly 'x-cli-convert'?: string | Readonly<Record<string, string | number>>;
}

const document = parse(readReference('transfer-spec.schema.yaml')) as {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Documented>>;
};
const documented = Object.entries(document.properties);

const typeNames = { string: 'text', array: 'list', integer: 'integer', boolean: 'boolean', object: 'object' } as const;
const typesOf = ({ type }: Documented) => [type].flat().map((name) => typeNames[name as keyof typeof typeNames]);

/** `noded` is how one place of the document spells `node`. */
const agentNames: Readonly<Record<string, string>> = {
  direct: 'DIRECT',
  node: 'NODE',
  noded: 'NODE',
  transferd: 'TRANSFERD',
  connect: 'CONNECT',
  httpgw: 'HTTP_GATEWAY',
};

const ours = (name: string): Parameter => {
  const parameter = parameterOf(name);
  if (!parameter) throw new Error(`${name} is missing`);
  return parameter;
};

/** Texts that a documented value may be: those of its enum, or those of the conversion that are not for a boolean. */
function valuesOf({ enum: values, type, 'x-cli-convert': convert }: Documented) {
  if (values || typeof convert !== 'object' || typeof type === 'string') return values;
  return Object.keys(convert).filter((word) => word !== 'true' && word !== 'false');
}

describe('the parameters and the vendor’s document of them', () => {
  it('are the same 95, in the same order', () => {
    expect(documented).toHaveLength(95);
    expect(parameterEntries.map(([name]) => name)).toEqual(documented.map(([name]) => name));
  });

  it.each(documented)('agree about the type, values and agents of %s', (name, said) => {
    const { types, values, agents } = ours(name);
    expect([...types].toSorted()).toEqual(typesOf(said).toSorted());
    expect(values).toEqual(valuesOf(said));
    expect(agents?.toSorted()).toEqual(said['x-agents']?.map((agent) => agentNames[agent]).toSorted());
  });

  it.each(documented)('agree about the variable of %s', (name, said) => {
    expect(ours(name).variable).toBe(said['x-cli-envvar']);
  });

  /** The ones that are rendered in code, `ssh_args` apart, which the document leaves undone. */
  const special = new Set(documented.filter(([, said]) => said['x-cli-special']).map(([name]) => name));
  special.delete('ssh_args');

  it.each(documented)('agree about the option of %s', (name, said) => {
    const { ascp, types, values } = ours(name);
    const isOption = !special.has(name) && (said['x-cli-option'] !== undefined || said['x-cli-switch'] === true);
    expect(ascp !== undefined).toBe(isOption);
    if (!ascp) return;
    const spelt = said['x-cli-option'];
    const optionName = typeof spelt === 'string' ? spelt : `--${name.replaceAll('_', '-')}`;
    const samples = { text: values?.[0] ?? 'a', integer: 1, boolean: true, object: {}, list: ['a'] } as const;
    const [first] = types;
    const [word] = ascp(samples[first ?? 'text']);
    expect(word?.split('=')[0]).toBe(optionName);
  });

  it('agree about what is required, but that two are only missed', () => {
    const issues = validateTransferSpec({}).filter(({ code }) => code === 'MISSING');
    expect(issues.map(({ parameter }) => parameter).toSorted()).toEqual(document.required.toSorted());
    const warned = issues.filter(({ severity }) => severity === 'WARNING').map(({ parameter }) => parameter);
    expect(warned.toSorted()).toEqual(['destination_root', 'remote_user']);
  });
});
