import type { OperationContext } from '../context/context.ts';
import type { Signal } from '../transport/signal.ts';

export type SourceKind = 'FASPEX' | 'NODE' | 'FAIRCOM' | 'TRANSFERD';

/** Whether a source answers, as of now. */
export interface SourceHealth {
  readonly reachable: boolean;
  readonly latencyMs: number | undefined;
  readonly version: string | undefined;
  readonly detail: string | undefined;
  readonly credentialExpiresAt: Date | undefined;
}

export interface SourceEntry {
  readonly name: string;
  readonly kind: SourceKind;
  readonly url: string;
  check(signal?: Signal): Promise<SourceHealth>;
}

/** All configured sources, in the order of the configuration. */
export function listSources(context: OperationContext, kind: SourceKind | null | undefined): readonly SourceEntry[] {
  const { faspex, node, faircom, transferd } = context.sources;
  const all: SourceEntry[] = [
    ...faspex.all.map((source) => entry('FASPEX', source)),
    ...node.all.map((source) => entry('NODE', source)),
    ...faircom.all.map((source) => entry('FAIRCOM', source)),
    ...transferd.all.map((source) => entry('TRANSFERD', source)),
  ];
  return kind ? all.filter((source) => source.kind === kind) : all;
}

const entry = (kind: SourceKind, { name, url, check }: Omit<SourceEntry, 'kind'>): SourceEntry => ({
  kind,
  name,
  url,
  check,
});
