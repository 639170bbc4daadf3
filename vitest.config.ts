import { defineConfig } from 'vitest/config';

/** Tests that stop the clock of their process, and would stop it for what others have left to finish. */
const stoppedClock = [
  'test/context/kept-specs.test.ts',
  'test/progress/redis/lease.test.ts',
  'test/progress/topic.test.ts',
  'test/progress/topic-pace.test.ts',
  'test/progress/topic-replay.test.ts',
  'test/server/equality/compiled.test.ts',
  'test/server/equality/doors.test.ts',
  'test/server/operation-context.test.ts',
  'test/transport/deadlines.test.ts',
];

/**
 * Conformance to specifications, security, and the examples: they run with the short way to compiled operations, as
 * servers do, and once more with all of it left to yoga and graphql-js.
 */
const throughBothDoors = [
  'test/{examples,isolation}/*.test.ts',
  'test/gateway/*.test.ts',
  'test/readme.test.ts',
  'test/server/{close-codes,errors,event-stream,graphql-over-http,health-and-drain,http-rules}.test.ts',
  'test/server/{limits,probes,socket-operations,tls,upstream}.test.ts',
];

// `unit`, `clock` and `yoga` need only npm packages; `contract` reads the vendors' documents and is started by
// `npm run test:contract -- <folder>`, which fails when that folder is missing.
export default defineConfig({
  // graphql ships two builds; every importer must get the one that Node.js itself gives to packages.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Tests wait for sockets more than they compute, so that more of them than there are cores go on at a time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/contract/**', ...stoppedClock],
          // Files that run in one process share what they import: loading everything for each of them is dear.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'clock', include: stoppedClock } },
      { extends: true, test: { name: 'yoga', include: throughBothDoors, isolate: false, env: { DOOR: 'yoga' } } },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'] } },
    ],
  },
});
