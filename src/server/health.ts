/** An answer that is not GraphQL. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an orchestrator asks: is the process alive, and should it get traffic. */
export interface Health {
  /** Answers /healthz and /readyz, or nothing for other paths. */
  answer(method: string | undefined, path: string | undefined): PlainAnswer | undefined;
  /** From now on /readyz says no, so that no new traffic comes while the process drains. */
  drain(): void;
  readonly isDraining: boolean;
}

/** Health is of this moment: nobody between the orchestrator and the process may keep it. */
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

const say = (status: number, word: string, details: object = {}): PlainAnswer => ({
  status,
  headers,
  body: JSON.stringify({ status: word, ...details }),
});

/** A process that polls for itself because it has lost the others still serves: `details` say so to whoever looks. */
export function createHealth(details: () => object = () => ({})): Health {
  let isDraining = false;
  const answers: Readonly<Record<string, () => PlainAnswer>> = {
    '/healthz': () => say(200, 'alive'),
    '/readyz': () => (isDraining ? say(503, 'draining') : say(200, 'ready', details())),
  };
  return {
    answer: (method, path) => {
      const answer = answers[path ?? ''];
      if (!answer) return undefined;
      if (method === 'GET' || method === 'HEAD') return answer();
      return { status: 405, headers: { ...headers, allow: 'GET, HEAD' }, body: '' };
    },
    drain: () => {
      isDraining = true;
    },
    get isDraining() {
      return isDraining;
    },
  };
}
