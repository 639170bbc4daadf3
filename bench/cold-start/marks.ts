import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Loaded into a gateway before everything else: notes when each part of its start is over, and writes that, and the CPU
 * that it has used, to the file that `BENCH_MARKS` names once the first request has been answered.
 */
const file = process.env.BENCH_MARKS ?? '';
const marks: Record<string, number> = {};

const mark = (name: string) => {
  marks[name] ??= performance.timeOrigin + performance.now();
};

mark('node');

const { readFileSync, writeFileSync } = fs;
fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
  // The configuration is the first thing that the gateway reads by itself: its modules are there by then.
  if (String(args[0]).endsWith('gateway.yaml')) mark('modules');
  return readFileSync(...args);
}) as typeof readFileSync;
syncBuiltinESMExports();

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenAndMark(this: net.Server, ...args: unknown[]) {
  mark('gateway');
  this.once('listening', () => mark('listening'));
  return Reflect.apply(listen, this, args);
};

subscribe('http.server.request.start', () => mark('asked'));
subscribe('http.server.response.finish', () => {
  mark('answered');
  const { user, system } = process.cpuUsage();
  writeFileSync(file, JSON.stringify({ ...marks, cpuMs: (user + system) / 1_000 }));
});
