import { isJson } from '../openapi/json.ts';

const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/**
 * Where an answer lacks a member of a sample, or has it with another JSON type. `null` in a sample says nothing of the
 * type; each element of a sample's list must have its like in the answer's.
 */
export function misfits(sample: unknown, answer: unknown, pointer = ''): string[] {
  if (answer === undefined) return [`${pointer} is missing`];
  if (sample === null) return [];
  if (typeOf(sample) !== typeOf(answer)) return [`${pointer} is ${typeOf(answer)} instead of ${typeOf(sample)}`];
  if (Array.isArray(sample) && Array.isArray(answer)) {
    return sample.flatMap((one, index) => {
      const fits = answer.map((other) => misfits(one, other, `${pointer}/${index}`));
      const [best] = fits.toSorted((left, right) => left.length - right.length);
      return best ?? [`${pointer}/${index} is missing`];
    });
  }
  if (!isJson(sample) || !isJson(answer)) return [];
  return Object.entries(sample).flatMap(([name, value]) => misfits(value, answer[name], `${pointer}/${name}`));
}
