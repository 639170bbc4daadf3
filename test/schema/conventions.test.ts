import {
  type GraphQLNamedType,
  getNamedType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
  specifiedScalarTypes,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes as knownScopes } from '../../src/identity/scopes.ts';
import { schema } from '../../src/schema/index.ts';
import { admit } from '../../src/server/admit.ts';
import { demandOf } from '../../src/server/demand.ts';

const limits = { depth: 10, cost: 100, aliases: 10, pageSize: 200 };
const scopes = new Set<string>(knownScopes.map(({ name }) => name));

const standard = new Set(specifiedScalarTypes.map(({ name }) => name));
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__') && !standard.has(name));

const hasFields = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
const fieldsOf = (type: GraphQLNamedType) => (hasFields(type) ? Object.values(type.getFields()) : []);

/** A description says something, and ends like a sentence. */
const isSaid = (text: string | null | undefined) => typeof text === 'string' && /\w{3}.*[.!?)]$/s.test(text.trim());

type Described = readonly [place: string, description: string | null | undefined];

const valuesOf = (type: GraphQLNamedType): Described[] =>
  isEnumType(type) ? type.getValues().map((value) => [`${type.name}.${value.name}`, value.description]) : [];

const argumentsOf = (type: GraphQLNamedType): Described[] =>
  isObjectType(type) || isInterfaceType(type)
    ? Object.values(type.getFields()).flatMap((field) =>
        field.args.map((arg): Described => [`${type.name}.${field.name}(${arg.name}:)`, arg.description]),
      )
    : [];

const describedThings = types.flatMap((type): Described[] => [
  [type.name, type.description],
  ...valuesOf(type),
  ...fieldsOf(type).map((field): Described => [`${type.name}.${field.name}`, field.description]),
  ...argumentsOf(type),
]);

describe('the graph', () => {
  it('describes every type, field, argument and enum value', () => {
    const silent = describedThings.filter(([, text]) => !isSaid(text)).map(([place]) => place);
    expect(silent).toEqual([]);
  });

  it('spells enum values in capitals, types in PascalCase and fields in camelCase', () => {
    const values = types.filter(isEnumType).flatMap((type) => type.getValues().map(({ name }) => name));
    expect(values.filter((name) => !/^[A-Z][A-Z0-9_]*$/.test(name))).toEqual([]);
    const names = types.filter((type) => !isScalarType(type)).map(({ name }) => name);
    expect(names.filter((name) => !/^[A-Z][A-Za-z0-9]*$/.test(name))).toEqual([]);
    const fields = types.flatMap((type) => fieldsOf(type).map(({ name }) => name));
    expect(fields.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
  });

  it('gives mutations one `input` and a union of results that has a success and implements Error otherwise', () => {
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      expect(
        field.args.map(({ name }) => name),
        field.name,
      ).toEqual(['input']);
      const result = getNamedType(field.type);
      if (!isUnionType(result)) throw new Error(`${field.name} does not give a union`);
      const pascal = `${field.name[0]?.toUpperCase()}${field.name.slice(1)}`;
      expect(result.name).toBe(`${pascal}Result`);
      for (const member of result.getTypes()) {
        const isError = member.getInterfaces().some(({ name }) => name === 'Error');
        expect(isError || member.name === `${pascal}Success`, `${field.name}: ${member.name}`).toBe(true);
      }
      // One failing mutation must not take away the results of the others.
      expect(isNonNullType(field.type), field.name).toBe(false);
    }
  });

  it('declares scopes on every mutation and subscription, and on every type that has a global id', () => {
    const fields = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    const scopesOf = (thing: { extensions: unknown }) => (thing.extensions as { scopes?: string[] }).scopes ?? [];
    expect(fields.filter((field) => scopesOf(field).length === 0).map(({ name }) => name)).toEqual([]);
    const nodes = types.filter(isObjectType).filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
    expect(nodes.filter((type) => scopesOf(type).length === 0).map(({ name }) => name)).toEqual([]);
    expect(nodes.length).toBeGreaterThan(1);
  });

  it('bounds the page and multiplies the cost of every list that takes `first`', () => {
    const lists = types
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => field.args.some(({ name }) => name === 'first'));
    expect(lists.length).toBeGreaterThan(10);
    for (const { type, field } of lists) {
      const isConnection = getNamedType(field.type).name.endsWith('Connection');
      const inner = isConnection ? '{ nodes { __typename } }' : '{ __typename }';
      const codes = (first: number) => {
        const text = `query { ...F } fragment F on ${type.name} { ${field.name}(first: ${first}) ${inner} }`;
        const document = parse(text);
        const operation = getOperationAST(document);
        if (!operation) throw new Error('no operation');
        const demand = demandOf({ schema, document, operation }, limits.pageSize);
        return admit(demand, limits, { variables: {}, scopes }).map(({ extensions }) => extensions.code);
      };
      const place = `${type.name}.${field.name}`;
      expect(codes(1), place).toEqual([]);
      expect(codes(201), place).toContain('BAD_INPUT');
      if (isConnection) expect(codes(200), place).toEqual(['QUERY_TOO_EXPENSIVE']);
    }
  });
});
