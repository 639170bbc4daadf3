import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { type DemoSettings, type Stack, startStack } from './start-stack.ts';

/** The sources of the demo, by their names. */
export const sourceNames = ['packages', 'london', 'tokyo', 'records'] as const;
export type SourceName = (typeof sourceNames)[number];

/** A stack that sees everything that goes between the gateway and its sources. */
export interface ProxiedStack extends Stack {
  readonly proxies: Readonly<Record<SourceName, RecordingProxy>>;
}

/** Makes every source of the demo's configuration go through its proxy. */
function divert({ sources }: DemoSettings, proxies: ProxiedStack['proxies']): void {
  for (const source of [...sources.faspex, ...sources.node, ...sources.faircom]) {
    const proxy = proxies[source.name as SourceName];
    const { pathname } = new URL(String(source.url));
    source.url = `${proxy.origin}${pathname === '/' ? '' : pathname}`;
    // FairCom's plain port needs no certificate.
    source.tls = {};
  }
}

/** @param change a last word on the configuration */
export async function startProxiedStack(
  change: (settings: DemoSettings) => void = () => undefined,
): Promise<ProxiedStack> {
  const targets: Partial<Record<SourceName, string>> = {};
  const opened = await Promise.all(sourceNames.map((name) => startRecordingProxy(() => targets[name] ?? '')));
  const proxies = Object.fromEntries(
    sourceNames.map((name, index) => [name, opened[index]]),
  ) as ProxiedStack['proxies'];
  const stack = await startStack({
    configure: (settings, { faspex, nodes, faircom }) => {
      targets.packages = new URL(faspex.url).origin;
      targets.records = faircom.plainUrl;
      for (const { name, url } of nodes) targets[name as SourceName] = url;
      divert(settings, proxies);
      change(settings);
    },
  });
  return {
    ...stack,
    proxies,
    stop: async () => {
      // The proxies go last: what waits in them belongs to requests that the gateway is ending.
      await stack.stop();
      await Promise.all(opened.map((proxy) => proxy.close()));
    },
  };
}
