/** What an orchestrator asks: is the process alive, and should it get traffic. */
export interface Health {
  /** Answers /healthz and /readyz, or nothing for other paths. */
  answer(path: string | undefined): { readonly status: number; readonly body: string } | undefined;
  /** From now on /readyz says no, so that no new traffic comes while the process drains. */
  drain(): void;
}

export function createHealth(): Health {
  let draining = false;
  return {
    answer: (path) => {
      if (path === '/healthz') return { status: 200, body: '{"status":"alive"}' };
      if (path !== '/readyz') return undefined;
      return draining ? { status: 503, body: '{"status":"draining"}' } : { status: 200, body: '{"status":"ready"}' };
    },
    drain: () => {
      draining = true;
    },
  };
}
