import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Documents without which nothing can be judged. */
const needed = [
  'node-api-4.4.6.openapi.yaml',
  'faspex5-openapi-5.0.min.json',
  'ascli-faspex5-wire-trace.tsv',
  'faircom-actions.json',
  'transferd-messages.tsv',
  'transfer-spec.schema.yaml',
  'ascp-args-golden.json',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Say where the vendors’ documents are: npm run test:contract -- <folder>\n');
  process.exit(1);
}
const missing = needed.filter((name) => !existsSync(resolve(folder, name)));
if (missing.length > 0) {
  process.stderr.write(`${folder} is not the folder with the vendors’ documents; it lacks ${missing.join(', ')}.\n`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'contract'], {
  stdio: 'inherit',
  env: { ...process.env, REFERENCE_DATA: resolve(folder) },
});
process.exit(status ?? 1);
