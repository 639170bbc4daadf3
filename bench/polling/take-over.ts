import { parse, stringify } from 'yaml';
import { createDemoConfig } from '../../simulators/demo-config.ts';
import { startSimulators } from '../../simulators/start-simulators.ts';
import { startGatewayProcess } from '../../test/helpers/gateway-process.ts';
import { measureTakeOver, pollOwner } from '../../test/helpers/poll-owner.ts';
import { startRedis } from '../../test/helpers/redis-server.ts';
import { subscribe } from './subscribers.ts';

const KEY_PREFIX = 'bench:';
const query = 'subscription { transfers(node: "london") { cursor gap } }';

export interface TakeOvers {
  readonly leaseMs: number;
  /** From the end of the process that polled until the other one polls, each time. */
  readonly milliseconds: readonly number[];
}

async function untilPolled(redis: Parameters<typeof pollOwner>[0]): Promise<void> {
  while (!(await pollOwner(redis, KEY_PREFIX))) await new Promise((done) => setTimeout(done, 20));
}

/** Kills the process that polls while both have a subscriber. */
async function takeOverOnce(leaseMs: number): Promise<number> {
  const redis = await startRedis();
  const simulators = await startSimulators({ seed: false });
  const demo = createDemoConfig(simulators, 0);
  const yaml = stringify({
    ...(parse(demo.yaml) as object),
    redis: { url: redis.url, keyPrefix: KEY_PREFIX, leaseMs },
  });
  const gateways = await Promise.all([startGatewayProcess(yaml, demo.env), startGatewayProcess(yaml, demo.env)]);
  try {
    for (const { webSocketUrl } of gateways) {
      await subscribe(webSocketUrl, demo.keys.everything, { count: 1, query });
    }
    await untilPolled(redis);
    const { milliseconds } = await measureTakeOver(redis, KEY_PREFIX, ({ pid }) =>
      gateways.find((gateway) => gateway.pid === pid)?.kill(),
    );
    return milliseconds;
  } finally {
    for (const gateway of gateways) await gateway.kill();
    await simulators.close();
    await redis.stop();
  }
}

export async function measureTakeOvers(leases: readonly number[], times: number): Promise<readonly TakeOvers[]> {
  const found: TakeOvers[] = [];
  for (const leaseMs of leases) {
    const milliseconds: number[] = [];
    for (let n = 0; n < times; n += 1) milliseconds.push(await takeOverOnce(leaseMs));
    found.push({ leaseMs, milliseconds });
  }
  return found;
}
