import { type Child, isPinned, startChild } from '../kit/child.ts';
import { median } from '../kit/median.ts';
import { renderTable } from '../kit/table.ts';
import { renderTarget } from '../kit/target.ts';
import type { FaspexPlace, Use } from './serve.ts';

const KEY = 'bench-key-0123456789abcdef';

/** Sockets for each process of the gateway. */
const CONNECTIONS = 32;

/** Between two calls over the same socket, so that each process has the same to do however many there are. */
const INTERVAL_MS = 100;

/** CPU of a request with two processes, compared with one. */
const MOST_TIMES = 1.1;

interface Times {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const FULL: Times = { rounds: 7, warmUpMs: 6_000, measureMs: 5_000 };
const QUICK: Times = { rounds: 1, warmUpMs: 300, measureMs: 500 };

/** Processes that share one port. */
interface Group {
  readonly url: string;
  readonly gateways: readonly Child[];
}

interface Measured {
  readonly requestsPerSecond: number;
  readonly cpuMicroseconds: number;
  /** Share of the requests that the busier process had. */
  readonly share: number;
}

async function startGroup(faspex: FaspexPlace, cores: readonly number[]): Promise<Group> {
  const gateways = cores.map((core) => startChild(new URL('./serve.ts', import.meta.url), core));
  let url = '';
  for (const gateway of gateways) {
    const port = url === '' ? 0 : Number(new URL(url).port);
    url = (await gateway.ask<{ url: string }>({ ask: 'start', port, key: KEY, faspex })).url;
  }
  return { url, gateways };
}

const useOf = ({ gateways }: Group) => Promise.all(gateways.map((gateway) => gateway.ask<Use>({ ask: 'use' })));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Has everybody call the group, each over a new socket. */
async function callGroup(load: Child, group: Group, milliseconds: number): Promise<Measured> {
  const connections = CONNECTIONS * group.gateways.length;
  await load.ask({ ask: 'connect', url: group.url, key: KEY, connections, intervalMs: INTERVAL_MS });
  const before = await useOf(group);
  const begun = performance.now();
  const { answered } = await load.ask<{ answered: number }>({ ask: 'call', milliseconds });
  const elapsedMs = performance.now() - begun;
  const after = await useOf(group);
  await load.ask({ ask: 'disconnect' });
  const cpuMs = sum(after.map((use, index) => use.cpuMs - (before[index]?.cpuMs ?? 0)));
  const requests = after.map((use, index) => use.requests - (before[index]?.requests ?? 0));
  return {
    requestsPerSecond: (1_000 * answered) / elapsedMs,
    cpuMicroseconds: (1_000 * cpuMs) / answered,
    share: Math.max(...requests) / sum(requests),
  };
}

async function measure(load: Child, groups: readonly Group[], { rounds, warmUpMs, measureMs }: Times) {
  for (const group of groups) await callGroup(load, group, warmUpMs * group.gateways.length);
  const measured = groups.map((): Measured[] => []);
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`round ${round + 1} of ${rounds} ...\n`);
    for (const [index, group] of groups.entries()) measured[index]?.push(await callGroup(load, group, measureMs));
  }
  return measured;
}

const head = ['processes', 'requests/s', 'CPU us/request', 'least', 'most', 'busier process %'];

function rowOf(count: number, measured: readonly Measured[]) {
  const cpu = measured.map(({ cpuMicroseconds }) => cpuMicroseconds);
  const rounded = [median(cpu), Math.min(...cpu), Math.max(...cpu)].map((value) => Number(value.toFixed(1)));
  return [
    ...[count, Math.round(median(measured.map(({ requestsPerSecond }) => requestsPerSecond))), ...rounded],
    Math.round(100 * median(measured.map(({ share }) => share))),
  ];
}

const cpuOf = (measured: readonly Measured[] = []) => median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds));

/** With `quick`, a second of everything: to see that it runs. */
export async function bench(args: readonly string[]): Promise<void> {
  const load = startChild(new URL('./load.ts', import.meta.url));
  const groups: Group[] = [];
  try {
    const faspex = await load.ask<FaspexPlace>({ ask: 'faspex' });
    for (const cores of [[0], [0, 1]]) groups.push(await startGroup(faspex, cores));
    const measured = await measure(load, groups, args.includes('quick') ? QUICK : FULL);
    const place = isPinned ? 'The first process has one core, the second another' : 'The processes have any core';
    const rows = groups.map(({ gateways }, index) => rowOf(gateways.length, measured[index] ?? []));
    const target = renderTarget({
      ...{ what: 'CPU of a request with two processes compared with one', unit: ' times' },
      ...{ found: cpuOf(measured[1]) / cpuOf(measured[0]), most: MOST_TIMES },
    });
    process.stdout.write(
      `One package by its id over HTTP. Each process has ${CONNECTIONS} callers, each of whom asks every ${INTERVAL_MS} ms.\n` +
        `${place}; callers and Faspex have any. CPU is that of the gateway alone.\n\n${renderTable(head, rows)}\n\n${target}\n`,
    );
  } finally {
    await load.ask({ ask: 'close' }).catch(() => undefined);
    const gateways = groups.flatMap((group) => group.gateways);
    await Promise.all([load, ...gateways].map((child) => child.end()));
  }
}
