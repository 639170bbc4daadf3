import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelope, envelopeOf, sentAction } from '../../../src/sources/faircom/envelope.ts';
import { recordsAnswer } from '../../../src/sources/faircom/records-answer.ts';
import { envelopeModel, recordsModel, sentActionModel } from '../../helpers/wires/faircom-model.ts';
import { itemsOf, numbers, objectsOf, words } from '../../helpers/wires/items.ts';
import { expectSameAsModel } from '../../helpers/wires/same-as-model.ts';

const texts = fc.string();
const codes = fc.oneof(fc.integer(), fc.constantFrom(0, 12031, -20005));

const envelopes = itemsOf({ errorCode: codes, errorMessage: texts, result: fc.jsonValue(), authToken: texts });

const actions = itemsOf({
  action: words('getRecordsByIndex', 'createTransaction', 'commitTransaction'),
  authToken: texts,
  params: objectsOf({ transactionId: texts, tableName: texts }, 1),
});

const field = objectsOf(
  {
    name: texts,
    type: words('bigint', 'VARCHAR', 'json'),
    length: numbers,
    scale: numbers,
    defaultValue: fc.jsonValue(),
    nullable: fc.boolean(),
    primaryKey: numbers,
    autoValue: words('none', 'incrementOnInsert', 'changeId', ''),
  },
  1,
);

const rows = fc.array(fc.jsonValue(), { maxLength: 3 });
const wholeField = fc.constantFrom({ name: 'id', type: 'bigint', length: '8' }, { name: 'code', type: 'varchar' });

const answers = itemsOf({
  data: rows,
  fields: fc.oneof(fc.array(wholeField, { maxLength: 3 }), fc.array(field, { maxLength: 2 })),
  moreRecords: fc.boolean(),
  totalRecordCount: fc.oneof(fc.integer({ min: -1 }), fc.nat().map(String)),
});

describe('what goes round every action, and answers with records, read by hand', () => {
  it('are what a schema makes of them, or wrong at the same member', () => {
    expectSameAsModel(envelope, envelopeModel, envelopes);
    expectSameAsModel(sentAction, sentActionModel, actions);
    expectSameAsModel(recordsAnswer, recordsModel, answers);
  });

  it('say where a field is wrong', () => {
    const result = { data: [], fields: [{ name: 'id', type: 'bigint' }, { name: 'code' }] };
    expect(() => recordsAnswer(result)).toThrow(expect.objectContaining({ path: ['fields', 1, 'type'] }));
  });

  it('are no envelope where one member is none of its kind', () => {
    expect(envelopeOf({ errorCode: 0, debugInfo: 'secret' })).toEqual({ errorCode: 0 });
    for (const body of [undefined, null, [], '', { errorCode: '0' }, { errorCode: 0, errorMessage: null }]) {
      expect(envelopeOf(body), JSON.stringify(body)).toBeUndefined();
    }
  });
});
