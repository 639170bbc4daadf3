import { SourceError } from '../transport/source-error.ts';

/** The configured sources of one kind, by name. */
export interface SourceRegistry<S extends { readonly name: string }> {
  readonly all: readonly S[];
  /**
   * The source with this name; with no name, the only one there is.
   * @throws SourceError BAD_INPUT that lists the names when it is not clear which one is meant
   */
  get(name: string | null | undefined): S;
  find(name: string): S | undefined;
}

export function createRegistry<S extends { readonly name: string }>(
  kind: string,
  all: readonly S[],
): SourceRegistry<S> {
  const byName = new Map(all.map((source) => [source.name, source]));
  const names = all.map((source) => source.name).join(', ');
  const refuse = (message: string) => new SourceError('BAD_INPUT', message, { source: kind });
  return {
    all,
    find: (name) => byName.get(name),
    get: (name) => {
      if (typeof name === 'string') {
        const source = byName.get(name);
        if (source) return source;
        throw refuse(`There is no ${kind} source named "${name}". Configured: ${names || 'none'}.`);
      }
      const [only] = all;
      if (only && all.length === 1) return only;
      throw refuse(
        only
          ? `Several ${kind} sources are configured; say which with \`source\`: ${names}.`
          : `No ${kind} source is configured.`,
      );
    },
  };
}
