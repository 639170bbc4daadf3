import type { AscpInvocation, EnvironmentVariable } from '../transfer-spec/ascp-invocation.ts';
import { builder } from './builder.ts';
import { needs } from './scope.ts';

const environmentVariable = builder.objectRef<EnvironmentVariable>('EnvironmentVariable').implement({
  description: 'A variable in the environment of a program.',
  ...needs('transfer'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, e.g. `ASPERA_SCP_TOKEN`.' }),
    value: t.exposeString('value', { description: 'Its value: a secret.' }),
  }),
});

export const ascpType = builder.objectRef<AscpInvocation>('AscpInvocation').implement({
  description:
    'How `ascp`, IBM’s transfer program, is started to run a transfer spec. Secrets are in `environment` and `exports` ' +
    'alone, so that whoever lists the processes of your machine does not see them.',
  ...needs('transfer'),
  fields: (t) => ({
    program: t.exposeString('program', { description: 'The program: `ascp`, or `ascp4` where the spec asks for it.' }),
    arguments: t.exposeStringList('arguments', {
      description: 'Its arguments, one by one and without quotes, for a program that starts it. They hold no secret.',
    }),
    sessions: t.exposeInt('sessions', {
      description:
        'How many processes run the transfer together, 1 as a rule. Where there are more, each gets `-C<number>:<sessions>` ' +
        'before the arguments, numbered from 1.',
    }),
    environment: t.expose('environment', {
      type: [environmentVariable],
      description: 'The variables that it reads: every secret of the spec, and its cookie. Treat them as secrets.',
    }),
    exports: t.exposeString('exports', {
      description:
        "The same variables as lines for a POSIX shell: `export NAME='value'`. Treat them as secrets. Empty when there are none.",
    }),
    fileList: t.exposeStringList('fileList', {
      nullable: true,
      description:
        'Lines of the file `listFile`: the sources, or each source and its destination in turn. `command` writes it; a ' +
        'program of yours has to. Null where there is no list.',
    }),
    needsKey: t.exposeBoolean('needsKey', {
      description:
        'Whether ascp has nothing to log in with, and would ask for a password: give `keyFile`, or set ASPERA_SCP_PASS.',
    }),
    command: t.exposeString('command', {
      description:
        'All of it as one line for a POSIX shell in which the variables are set: it stops when one is missing, writes ' +
        'the list of files, and starts the program. It names the variables, and does not hold their values.',
    }),
  }),
});
