import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * Loaded into a gateway before everything else: writes the addresses of all modules that it had loaded when it answered
 * its first request, into the file that `LOADED_MODULES` names.
 */
const urls: string[] = [];

registerHooks({
  load: (url, context, nextLoad) => {
    urls.push(url);
    return nextLoad(url, context);
  },
});

subscribe('http.server.response.finish', () => {
  if (urls.length > 0) writeFileSync(process.env.LOADED_MODULES ?? '', urls.splice(0).join('\n'));
});
