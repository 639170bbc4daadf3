import { encodeGlobalID } from '@pothos/plugin-relay';
import fc from 'fast-check';
import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { joinId, splitId } from '../../src/resolvers/global-id.ts';
import { globalId } from '../../src/schema/global-ids.ts';
import { schema } from '../../src/schema/index.ts';

const parts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 });

describe('a global id', () => {
  it('is what the Relay plugin makes of the encoded parts, and leads back to them', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const local = joinId(...given);
        expect(local).toBe(given.map((part) => encodeURIComponent(part)).join('/'));
        expect(globalId('AsperaFile', local)).toBe(encodeGlobalID('AsperaFile', local));
        expect(splitId(local, given.length)).toEqual(given);
      }),
    );
  });

  it('is made at once for things of every type that has one', () => {
    const file = { sourceName: 'tokyo', path: '/in/ü.mov', packageId: '7', transferId: '7' };
    const table = { sourceName: 'records', databaseName: 'd', ownerName: 'o', tableName: 't' };
    const value = { ...file, table, key: { id: 1 } };
    const types = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
    const ids = types.map((type) => {
      const { id } = type.getFields();
      return [type.name, id?.resolve?.(value, {}, undefined, {} as GraphQLResolveInfo)];
    });
    expect(Object.fromEntries(ids)).toEqual({
      AsperaFile: encodeGlobalID('AsperaFile', 'tokyo/%2Fin%2F%C3%BC.mov'),
      FairComRecord: encodeGlobalID('FairComRecord', 'records/d/o/t/%7B%22id%22%3A1%7D'),
      FaspexPackage: encodeGlobalID('FaspexPackage', 'tokyo/7'),
      NodeTransfer: encodeGlobalID('NodeTransfer', 'tokyo/7'),
      TransferdTransfer: encodeGlobalID('TransferdTransfer', 'tokyo/7'),
    });
  });
});
