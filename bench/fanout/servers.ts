export interface ServerOptions {
  /** The node that is polled. */
  readonly nodeUrl: string;
  /** Milliseconds between polls, each of which brings one event for every transfer. */
  readonly intervalMs: number;
  /** What callers say who they are. */
  readonly keys: readonly string[];
}

/** Starts a server and gives the address of its WebSocket. */
export type StartServer = (options: ServerOptions) => Promise<string>;
