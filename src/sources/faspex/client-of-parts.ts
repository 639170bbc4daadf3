/** Makes some functions of a client. Which they are does not depend on what they stand on. */
type MakePart<Base> = (base: Base) => object;

/** All functions of all parts. */
type Whole<Parts extends readonly ((base: never) => object)[]> = {
  [Index in keyof Parts]: (part: ReturnType<Parts[Index]>) => void;
}[number] extends (part: infer All) => void
  ? All
  : never;

/**
 * Gives what makes clients that consist of parts, each of which is made when one of its functions is first used: a client
 * is made for each operation, and an operation uses two or three functions of dozens.
 * @param example something to stand on of which nothing is used: it tells which functions each part has
 */
export function clientOfParts<Base, const Parts extends readonly MakePart<Base>[]>(
  example: Base,
  ...parts: Parts
): (base: Base) => Whole<Parts> {
  class Client {
    readonly #base: Base;
    readonly #made: object[] = [];

    constructor(base: Base) {
      this.#base = base;
    }

    part(index: number, make: MakePart<Base>): object {
      const part = this.#made[index] ?? make(this.#base);
      this.#made[index] = part;
      return part;
    }
  }
  for (const [index, make] of parts.entries()) {
    for (const name of Object.keys(make(example))) {
      Object.defineProperty(Client.prototype, name, {
        get(this: Client) {
          return Reflect.get(this.part(index, make), name);
        },
      });
    }
  }
  return (base) => new Client(base) as unknown as Whole<Parts>;
}
