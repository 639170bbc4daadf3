/** One request that a simulator received: enough to count calls, never a header or a body (they hold secrets). */
export interface LoggedRequest {
  readonly method: string;
  /** Path below the prefix with its query. */
  readonly url: string;
  readonly path: string;
  readonly status: number | undefined;
}

export interface RequestLog {
  add(request: { method: string; url: string; path: string }): (status: number | undefined) => void;
  all(): readonly LoggedRequest[];
  /** How many requests had this method and a path that contains `path`. */
  count(method?: string, path?: string): number;
  clear(): void;
}

/** Old entries fall out beyond this, so that a simulator that runs for days does not grow. */
const KEPT = 10_000;

export function createRequestLog(): RequestLog {
  let entries: { method: string; url: string; path: string; status: number | undefined }[] = [];
  return {
    add: (request) => {
      const entry = { ...request, status: undefined as number | undefined };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      return (status) => {
        entry.status = status;
      };
    },
    all: () => entries,
    count: (method, path) =>
      entries.filter(
        (entry) =>
          (method === undefined || entry.method === method) && (path === undefined || entry.path.includes(path)),
      ).length,
    clear: () => {
      entries = [];
    },
  };
}
