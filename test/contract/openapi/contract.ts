import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { type Deviation, deviationsOf } from './deviation.ts';
import { isJson, type Json, objectAt } from './json.ts';
import { visitMembers } from './members.ts';
import { readReference } from './reference.ts';
import { COMPONENTS, toJsonSchema } from './to-json-schema.ts';

/** What a server sent: `json` is undefined when the body is empty or no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Operation {
  readonly method: string;
  /** Path template as the document writes it. */
  readonly path: string;
}

/** An OpenAPI 3.0 document that answers can be held against. */
export interface Contract {
  readonly operations: readonly Operation[];
  /** The documented operation for a request, or undefined. */
  find(method: string, pathname: string): Operation | undefined;
  deviations(operation: Operation, answer: Answer): readonly Deviation[];
  /** Tells every member that the document gives this answer, and whether it is there. */
  members(operation: Operation, answer: Answer, visit: (pointer: string, isThere: boolean) => void): void;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'];

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');
const isVariable = (segment: string | undefined) => segment?.startsWith('{') ?? false;

function fits(template: readonly string[], actual: readonly string[]): boolean {
  if (template.length !== actual.length) return false;
  return template.every((segment, index) => isVariable(segment) || segment === actual[index]);
}

/** Literal segments win over variables. */
const variables = ({ path }: Operation) => segmentsOf(path).filter(isVariable).length;

function operationsOf(document: Json): Operation[] {
  const found = Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
    methods
      .filter((method) => isJson(item) && isJson(item[method]))
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
  return found.sort((left, right) => variables(left) - variables(right));
}

const responsesOf = (document: Json, { method, path }: Operation) =>
  objectAt(document, 'paths', path, method.toLowerCase(), 'responses');

/** The schema of a documented answer; undefined where the document gives no JSON body. */
const schemaOf = (document: Json, operation: Operation, status: number) => {
  const content = objectAt(responsesOf(document, operation), status, 'content');
  return isJson(content['application/json']) ? objectAt(content, 'application/json', 'schema') : undefined;
};

function resolveReference(document: Json, schema: unknown): Json {
  if (!isJson(schema)) return {};
  if (typeof schema.$ref !== 'string') return schema;
  return resolveReference(document, objectAt(document, ...schema.$ref.split('/').slice(1)));
}

function judgeBody(document: Json, compile: (operation: Operation, status: number) => ValidateFunction | undefined) {
  return (operation: Operation, answer: Answer): readonly Deviation[] => {
    const responses = responsesOf(document, operation);
    if (responses[answer.status] === undefined) {
      return [{ where: 'status', rule: String(answer.status), detail: 'this status is not documented' }];
    }
    const validate = compile(operation, answer.status);
    if (validate === undefined) {
      return answer.text === '' ? [] : [{ where: 'body', rule: 'empty', detail: 'no body is documented' }];
    }
    if (answer.json === undefined) return [{ where: 'body', rule: 'json', detail: 'a JSON body is documented' }];
    return validate(answer.json) ? [] : deviationsOf(validate.errors ?? []);
  };
}

/** Reads a document of the reference; `name` ends in .json or .yaml. */
export function openContract(name: string): Contract {
  const document = parse(readReference(name), { merge: true }) as Json;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const components = objectAt(document, 'components', 'schemas');
  const schemas = Object.fromEntries(Object.entries(components).map(([key, schema]) => [key, toJsonSchema(schema)]));
  ajv.addSchema({ $id: COMPONENTS, schemas });
  const compiled = new Map<string, ValidateFunction | undefined>();
  const compile = (operation: Operation, status: number) => {
    const key = `${operation.method} ${operation.path} ${status}`;
    if (!compiled.has(key)) {
      const schema = schemaOf(document, operation, status);
      compiled.set(key, schema && ajv.compile(toJsonSchema(schema)));
    }
    return compiled.get(key);
  };
  const operations = operationsOf(document);
  return {
    operations,
    find: (method, pathname) => {
      const actual = segmentsOf(pathname);
      return operations.find((one) => one.method === method && fits(segmentsOf(one.path), actual));
    },
    deviations: judgeBody(document, compile),
    members: (operation, answer, visit) => {
      const resolve = (schema: unknown) => resolveReference(document, schema);
      visitMembers(resolve, schemaOf(document, operation, answer.status), answer.json, visit);
    },
  };
}
