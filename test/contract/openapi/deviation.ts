import type { ErrorObject } from 'ajv';

/** One difference between an answer and its document. */
export interface Deviation {
  /** Pointer into the body with `*` for places in a list; or `status`, `body`, `operation`. */
  readonly where: string;
  /** The keyword of JSON Schema that is broken, or what else was expected. */
  readonly rule: string;
  readonly detail: string;
}

const generalize = (pointer: string) => pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');

function toDeviation({ instancePath, keyword, params, message }: ErrorObject): Deviation {
  const missing = keyword === 'required' ? `/${String(params.missingProperty)}` : '';
  return {
    where: generalize(`${instancePath}${missing}`) || '/',
    rule: keyword,
    detail: `${message ?? keyword}${keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : ''}`,
  };
}

/** What Ajv found, without the branches of a failed `anyOf` (the place itself is named) and without repeats. */
export function deviationsOf(errors: readonly ErrorObject[]): readonly Deviation[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  const isBranch = ({ keyword, instancePath }: ErrorObject) =>
    keyword !== 'anyOf' && choices.some((choice) => instancePath === choice || instancePath.startsWith(`${choice}/`));
  const told = errors.filter((error) => error.keyword !== 'if' && !isBranch(error)).map(toDeviation);
  return [...new Map(told.map((one) => [`${one.where} ${one.rule}`, one])).values()];
}
