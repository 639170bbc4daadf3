/** `<https://host:9092/ops/transfers?iteration_token=1440571>; rel="next"`, alone or among others. */
const nextLink = /<([^>]*)>\s*;[^,]*\brel\s*=\s*"?next"?/i;

/** The iteration token in a `Link` header; the address around it names the node as it sees itself, so it is not used. */
export function iterationTokenOf(link: string | string[] | undefined): string | undefined {
  const target = nextLink.exec(Array.isArray(link) ? link.join(', ') : (link ?? ''))?.[1];
  if (target === undefined || !target.includes('?')) return undefined;
  return new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('iteration_token') || undefined;
}
