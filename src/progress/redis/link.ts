import { setTimeout as pause } from 'node:timers/promises';

export interface LinkSettings {
  /** `redis://` or `rediss://`, without a password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: LinkTls | undefined;
}

/** PEM texts, and the name to expect in the server's certificate. */
export interface LinkTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
}

/** What Redis answers, as the protocol knows it. */
export type Reply = string | number | null | readonly Reply[];

/** One connection to Redis that is opened again whenever it is lost. */
export interface Link {
  readonly isUp: boolean;
  /**
   * Sends one command.
   * @throws RedisLost when there is no connection, it breaks, or no answer comes within `withinMs`
   */
  send(command: readonly string[], withinMs: number): Promise<Reply>;
  /** Cuts the connection; another one is opened. */
  drop(): void;
  close(): Promise<void>;
}

export interface LinkEvents {
  /** The connection can be used once this has resolved; when it rejects, another one is opened. */
  readonly onOpen: (send: Link['send']) => Promise<void>;
  readonly onUp: () => void;
  readonly onDown: (error: unknown) => void;
}

/** Redis cannot be reached, or does not answer. Nothing is known about the command. */
export class RedisLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisLost';
  }
}

const CONNECT_MS = 3_000;
const RETRY_MS = 200;

const noConnection = () => new RedisLost('There is no connection to Redis.');

/** The library is large: only a gateway that shares with others loads it. */
type Library = typeof import('@redis/client');
type Client = ReturnType<typeof openClient>;

interface State {
  readonly settings: LinkSettings;
  readonly events: LinkEvents;
  readonly ending: AbortController;
  library: Library | undefined;
  client: Client | undefined;
  isUp: boolean;
}

/** The client itself never opens a lost connection again: then this link would not know what it can rely on. */
function openClient({ createClient }: Library, { url, username, password, tls }: LinkSettings) {
  return createClient({
    ...{ url, RESP: 2, disableOfflineQueue: true, disableClientInfo: true, maintNotifications: 'disabled' },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    socket: {
      ...{ connectTimeout: CONNECT_MS, reconnectStrategy: false },
      ...(url.startsWith('rediss:') ? { tls: true, ...tls } : {}),
    },
  });
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RedisLost('Redis did not answer in time.')), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function drop({ client }: State): void {
  if (client?.isOpen) client.destroy();
}

/** A command without an answer leaves a connection of which nothing is known: it is given up. */
async function send(state: State, command: readonly string[], withinMs: number): Promise<Reply> {
  const { client } = state;
  if (!client?.isReady) throw noConnection();
  try {
    return await within(client.sendCommand<Reply>([...command]), withinMs);
  } catch (error) {
    if (state.library && error instanceof state.library.ErrorReply) throw error;
    if (error instanceof RedisLost && state.client === client) drop(state);
    throw error instanceof RedisLost ? error : new RedisLost('The connection to Redis was lost.', { cause: error });
  }
}

/** Opens a connection and stays with it until it is lost. */
async function stay(state: State): Promise<unknown> {
  state.library ??= await import('@redis/client');
  // It may have been closed while the library was loaded.
  state.ending.signal.throwIfAborted();
  const client = openClient(state.library, state.settings);
  const lost = Promise.withResolvers<unknown>();
  client.on('error', lost.resolve);
  client.on('end', () => lost.resolve(noConnection()));
  state.client = client;
  try {
    await within(client.connect(), 2 * CONNECT_MS);
    await state.events.onOpen((command, withinMs) => send(state, command, withinMs));
    state.isUp = true;
    state.events.onUp();
    return await lost.promise;
  } finally {
    state.isUp = false;
    drop(state);
    state.client = undefined;
  }
}

async function keepOpen(state: State): Promise<void> {
  const { signal } = state.ending;
  while (!signal.aborted) {
    const error = await stay(state).catch((reason: unknown) => reason);
    if (signal.aborted) return;
    state.events.onDown(error);
    await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Opens a connection and keeps it open until it is closed. It begins at once and does not wait. */
export function createLink(settings: LinkSettings, events: LinkEvents): Link {
  const state: State = {
    settings,
    events,
    ending: new AbortController(),
    library: undefined,
    client: undefined,
    isUp: false,
  };
  const ended = keepOpen(state);
  return {
    get isUp() {
      return state.isUp && state.client?.isReady === true;
    },
    send: (command, withinMs) => (state.isUp ? send(state, command, withinMs) : Promise.reject(noConnection())),
    drop: () => drop(state),
    close: async () => {
      state.ending.abort();
      drop(state);
      await ended;
    },
  };
}
