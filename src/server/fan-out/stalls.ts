/** Watches clients that do not keep up, and cuts off those that do not read at all. */
export interface Stalls {
  /**
   * Begins to watch a client for which bytes wait. Call what it gives when none wait any more, or it has gone.
   * @param bytesRead how much it has taken so far
   */
  watch(bytesRead: () => number, cut: () => void): () => void;
  /** How long a client may go without reading, in words. */
  readonly patience: string;
}

/** Long enough for a laptop that was closed for a moment; what waits meanwhile is bounded. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 1_000;

interface Stalled {
  readonly bytesRead: () => number;
  readonly cut: () => void;
  read: number;
  sinceMs: number;
}

/** One timer for all, which runs only while somebody is slow. */
export function createStalls(now: () => number): Stalls {
  const slow = new Set<Stalled>();
  let timer: NodeJS.Timeout | undefined;
  const remove = (client: Stalled) => {
    slow.delete(client);
    if (slow.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const look = (client: Stalled) => {
    const read = client.bytesRead();
    if (read !== client.read) Object.assign(client, { read, sinceMs: now() });
    if (now() - client.sinceMs < PATIENCE_MS) return;
    remove(client);
    client.cut();
  };
  return {
    patience: `${PATIENCE_MS / 1_000} seconds`,
    watch: (bytesRead, cut) => {
      const client: Stalled = { bytesRead, cut, read: bytesRead(), sinceMs: now() };
      slow.add(client);
      timer ??= setInterval(() => [...slow].forEach(look), LOOK_MS).unref();
      return () => remove(client);
    },
  };
}
