import type { OperationContext } from '../context/context.ts';

export type SourceKind = 'FASPEX' | 'NODE' | 'FAIRCOM';

/** Whether a source answers, as of now. */
export interface SourceHealth {
  readonly reachable: boolean;
  readonly latencyMs: number;
  readonly version: string | undefined;
  readonly detail: string | undefined;
  readonly credentialExpiresAt: Date | undefined;
}

export interface SourceEntry {
  readonly name: string;
  readonly kind: SourceKind;
  readonly url: string;
  check(signal?: AbortSignal): Promise<SourceHealth>;
}

/** All configured sources, in the order of the configuration. */
export function listSources(context: OperationContext, kind: SourceKind | null | undefined): readonly SourceEntry[] {
  const { node } = context.sources;
  const all: SourceEntry[] = [...node.all.map((source) => ({ ...pick(source), kind: 'NODE' as const }))];
  return kind ? all.filter((source) => source.kind === kind) : all;
}

const pick = ({ name, url, check }: Omit<SourceEntry, 'kind'>) => ({ name, url, check });
