import { validateSpec } from '../resolvers/transfer-spec.ts';
import type { TransferAgent } from '../transfer-spec/parameter.ts';
import type { SpecIssue, SpecIssueCode } from '../transfer-spec/spec-issue.ts';
import type { TransferSpec } from '../transfer-spec/transfer-spec.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';
import { needs } from './scope.ts';
import { transferSpec } from './transfer-spec.ts';

const transferAgent = builder.enumType('TransferAgent', {
  description: 'A program that runs a transfer by a transfer spec. Each knows some parameters and leaves others out.',
  values: describedValues<TransferAgent>({
    DIRECT: 'ascp, started on your own machine.',
    NODE: 'An Aspera node, as `startTransfer` makes it run a transfer.',
    TRANSFERD: 'The transfer daemon of IBM’s SDK.',
    CONNECT: 'IBM Aspera Connect, or IBM Aspera for desktop.',
    HTTP_GATEWAY: 'IBM Aspera HTTP Gateway, for browsers without a program of Aspera.',
  }),
});

const severity = builder.enumType('TransferSpecIssueSeverity', {
  description: 'How bad it is.',
  values: describedValues<SpecIssue['severity']>({
    ERROR: 'The spec cannot be run.',
    WARNING: 'The spec can be run, but something in it has no effect, or not the one that it seems to have.',
  }),
});

const code = builder.enumType('TransferSpecIssueCode', {
  description: 'What kind of mistake it is.',
  values: describedValues<SpecIssueCode>({
    NOT_A_SPEC: 'It is not a JSON object.',
    UNKNOWN_PARAMETER: 'No document of IBM has this parameter. A server may know it nevertheless.',
    MISSING: 'Something is not there.',
    WRONG_TYPE: 'The value is of another type, such as a number in quotes.',
    NOT_ALLOWED: 'The value is none of those that are allowed, or does not look like one.',
    OUT_OF_RANGE: 'The number is too small or too great.',
    NOT_FOR_AGENT: 'The agent does not know the parameter, and leaves it out.',
    CONTRADICTION: 'Two parameters do not go together.',
  }),
});

const specIssue = builder.objectRef<SpecIssue>('TransferSpecIssue').implement({
  description: 'Something about a transfer spec that is wrong, or does not do what it says.',
  fields: (t) => ({
    code: t.expose('code', { type: code, description: 'What kind of mistake it is.' }),
    severity: t.expose('severity', { type: severity, description: 'How bad it is.' }),
    parameter: t.exposeString('parameter', {
      nullable: true,
      description: 'Name of the parameter; null for what is about the spec as a whole.',
    }),
    path: t.exposeString('path', { description: 'Place in the spec, e.g. `paths[2].source`; empty for the whole.' }),
    message: t.exposeString('message', {
      description: 'A sentence for a person. It never holds a value of the spec, which may be a secret.',
    }),
    suggestion: t.exposeString('suggestion', {
      nullable: true,
      description: 'The name or value that was probably meant; null when none is near.',
    }),
  }),
});

interface Validation {
  readonly issues: readonly SpecIssue[];
  readonly spec: TransferSpec | undefined;
}

const validation = builder.objectRef<Validation>('TransferSpecValidation').implement({
  description: 'What is to be said of a transfer spec.',
  fields: (t) => ({
    valid: t.boolean({
      description: 'Whether it can be run: there may be warnings, but no errors.',
      resolve: ({ spec }) => spec !== undefined,
    }),
    issues: t.expose('issues', {
      type: [specIssue],
      description: 'What is to be said, errors first; a hundred at most.',
    }),
    spec: t.expose('spec', {
      type: transferSpec,
      nullable: true,
      description: 'The spec itself, in typed fields and as command lines; null when it has errors.',
    }),
  }),
});

builder.queryField('validateTransferSpec', (t) =>
  t.field({
    type: validation,
    description:
      'Looks at a transfer spec before it is used: names, types and values of its parameters, and whether they go ' +
      'together. With `spec` it also makes command lines of a spec of your own. Nothing is asked of any server.',
    args: {
      spec: t.arg({
        type: 'JSON',
        required: true,
        description: 'A transfer spec (version 1): an object. Pass it in a variable, because it holds secrets.',
      }),
      agent: t.arg({
        type: transferAgent,
        description: 'What is going to run it; what depends on that is not looked at when left out.',
      }),
    },
    ...needs('transfer'),
    resolve: (_root, { spec, agent }) => validateSpec(spec, agent ?? undefined),
  }),
);
