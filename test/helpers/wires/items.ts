import fc from 'fast-check';

/** What servers were seen to send for one thing or another, and what none of them should. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    7.5,
    '12',
    '-3',
    '1e3',
    '0x10',
    ' 5 ',
    'x',
    true,
    false,
    'yes',
    {},
    [],
  ),
  fc.constantFrom<unknown>(Number.MAX_SAFE_INTEGER + 1, 1e300, Number.POSITIVE_INFINITY, '9'.repeat(400), '1.5.2'),
  fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty'),
  fc.jsonValue(),
);

/** Dates as they are written by one server or another, and what only looks like one. */
export const dates = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).chain((date) => {
    const iso = date.toISOString();
    const seconds = iso.slice(0, 19);
    const zones = ['Z', 'z', '', '+0000', '+00:00', '+0130', '-02:00', ' +0000'];
    const forms = zones.flatMap((zone) => [`${seconds}${zone}`, `${iso.slice(0, 23)}${zone}`, `${seconds}.5${zone}`]);
    return fc.constantFrom(...forms, seconds.replace('T', ' '));
  }),
  fc.constantFrom('2020-02-29T10:00:00Z', '2021-02-29T10:00:00Z', '2021-04-31T10:00:00Z', '2021-13-01T10:00:00Z'),
  fc.constantFrom('2021-01-01T24:00:00Z', '2021-01-01T23:60:00Z', '2021-01-01T10:00Z', 'yesterday', '2021-01-01'),
);

/** What a member may hold, with what it should hold most of the time. */
export type Shape = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const entriesOf = (shape: Shape, wrong: number) =>
  Object.entries(shape).map(([name, right]) =>
    fc.oneof(
      { weight: 100, arbitrary: right.map((value) => [[name, value] as const]) },
      { weight: 15, arbitrary: fc.constant([]) },
      { weight: 10, arbitrary: fc.constant([[name, null] as const]) },
      { weight: wrong, arbitrary: odd.map((value) => [[name, value] as const]) },
    ),
  );

const strangers = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'more', 'title2'), odd) },
);

/**
 * Objects as JSON has them: members may be absent, null, of another kind, or unknown, and `__proto__` is a member like
 * any other.
 * @param wrong how often a member is not what it should be, of about a hundred times
 */
export const objectsOf = (shape: Shape, wrong = 2): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.tuple(...entriesOf(shape, wrong)), strangers)
    .map(([entries, more]) => Object.fromEntries([...entries.flat(), ...Object.entries(more)]));

/** Mostly such objects, and now and then something that is none. */
export const itemsOf = (shape: Shape): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 30, arbitrary: objectsOf(shape, 0) },
    { weight: 30, arbitrary: objectsOf(shape) },
    { weight: 1, arbitrary: odd },
  );

export const words = (...known: readonly string[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fc.string() });

export const numbers = fc.oneof(
  fc.nat(),
  fc.nat().map(String),
  fc.constantFrom<unknown>('', 0, -1, '-1', 1.5, '2.50', Number.MAX_SAFE_INTEGER, '9007199254740993'),
);
