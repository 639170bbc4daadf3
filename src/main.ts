import './require-node.ts';
import './young-objects.ts';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * What Node.js has compiled is kept for the next start. It is code, so that nobody else may be able to write it: not in the
 * temporary folder of the system, where Node.js would keep it, but beside the packages. Where that folder cannot be written,
 * every start compiles anew. NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 does without.
 */
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

// Only what is imported from here on is kept: the imports of a file come before its first line.
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv.slice(2), process.env);
