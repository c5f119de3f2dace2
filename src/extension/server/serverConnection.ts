import { ClientError, isPassing } from '../../client/errors.ts';
import type { ServerEvent } from '../../client/events.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { DismissedError } from '../errors.ts';
import type { ServerState } from '../setup/setupModel.ts';
import type { Connection } from './connect.ts';

export type ServerStatus =
  /** `idle`: no server was needed yet. `stopped`: the user stopped it. */
  | { readonly kind: 'idle' | 'stopped' | 'starting' | 'stopping' }
  /** This window disconnected from a server that still runs. */
  | { readonly kind: 'disconnected'; readonly address: string }
  | { readonly kind: 'running'; readonly connection: Connection }
  /** A server that this window does not run does not answer. The window keeps trying to reconnect. */
  | { readonly kind: 'lost'; readonly connection: Connection; readonly error: Error }
  /** A server elsewhere asks for a token, and none is stored or it is not accepted. */
  | { readonly kind: 'needsToken'; readonly error: Error }
  | { readonly kind: 'failed'; readonly error: Error };

const EVENTS = ['task', 'setup', 'operation', 'schedule', 'log', 'invocation'] as const;

export interface ServerListener {
  status(status: ServerStatus): void;
  /** The whole state: after the connection is made, or when events were missed. */
  read(state: ServerState): void;
  event(event: ServerEvent): void;
  /** A failure that no caller awaits. */
  report(error: Error): void;
}

/**
 * The window's connection to its server. It starts a server or attaches to one, follows its events, and takes over when
 * another window's server ends.
 */
export class ServerConnection {
  readonly #connect: (signal: AbortSignal) => Promise<Connection>;
  readonly #listener: ServerListener;
  readonly #check: () => void;
  #status: ServerStatus = { kind: 'idle' };
  #starting: Promise<Connection> | undefined;
  #abort = new AbortController();

  /**
   * @param connect connects as the settings say
   * @param check throws where this window may have no server. Such a start is not a failed one: it changes nothing
   */
  constructor(
    connect: (signal: AbortSignal) => Promise<Connection>,
    listener: ServerListener,
    check: () => void = () => undefined,
  ) {
    this.#connect = connect;
    this.#listener = listener;
    this.#check = check;
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** The client of the server, which is started if none runs. @throws the errors of the start */
  async client(): Promise<FusionizerClient> {
    return (await this.start()).client;
  }

  /** Undefined while no server is connected. */
  get connection(): Connection | undefined {
    return this.#status.kind === 'running' ? this.#status.connection : undefined;
  }

  /** Resolves when the server is connected and its state is read. Does nothing if it is connected already. */
  async start(): Promise<Connection> {
    if (this.#starting === undefined) this.#check();
    this.#starting ??= this.#start().catch((error: Error) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** Stops a server of this window, or disconnects from any other one. @param hurry cuts off running events */
  async stop(hurry?: AbortSignal): Promise<void> {
    const starting = this.#starting;
    if (starting === undefined) {
      this.#set({ kind: 'stopped' });
      return;
    }
    this.#set({ kind: 'stopping' });
    this.#abort.abort(new DismissedError('The server is stopped'));
    // The caller of start() gets the error from its own promise.
    const connection = await starting.catch(() => undefined);
    await connection?.close(hurry);
    this.#starting = undefined;
    this.#set(
      connection === undefined || connection.origin === 'own'
        ? { kind: 'stopped' }
        : { kind: 'disconnected', address: connection.address },
    );
  }

  async restart(): Promise<Connection> {
    await this.stop();
    return this.start();
  }

  async #start(): Promise<Connection> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ kind: 'starting' });
    let connection: Connection | undefined;
    try {
      connection = await this.#connect(abort.signal);
      abort.signal.throwIfAborted();
      await this.#follow(connection, abort.signal);
      return connection;
    } catch (error) {
      await connection?.close();
      if (abort.signal.aborted) throw abort.signal.reason;
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#set(failed(failure));
      throw failure;
    }
  }

  /** Resolves when the first state is read, and continues in the background. */
  #follow(connection: Connection, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pump(connection, signal, resolve).catch((error: Error) => {
        reject(error);
        if (signal.aborted) return;
        this.#listener.report(error);
        this.#lost(error);
      });
    });
  }

  async #pump(connection: Connection, signal: AbortSignal, ready: () => void): Promise<void> {
    const { client } = connection;
    for await (const event of client.events({ names: EVENTS, signal })) {
      if (event.name === 'connected' || event.name === 'reset') {
        const state = await read(client);
        if (signal.aborted) return;
        if (state === undefined) continue;
        this.#listener.read(state);
        this.#set({ kind: 'running', connection });
        ready();
      } else if (event.name === 'disconnected') {
        if (!(await connection.isAlive())) {
          // The window or terminal that ran the server has closed, so this window takes over.
          if (signal.aborted) return;
          this.#abort.abort();
          this.#starting = undefined;
          await this.start();
          return;
        }
        if (connection.origin !== 'own') this.#set({ kind: 'lost', connection, error: event.error });
      } else this.#listener.event(event);
    }
  }

  #lost(error: Error): void {
    this.#abort.abort();
    this.#starting = undefined;
    this.#set(failed(error));
  }

  #set(status: ServerStatus): void {
    this.#status = status;
    this.#listener.status(status);
  }
}

/** Whether the server's state is known, or will be in a moment. */
export function hasServer({ kind }: ServerStatus): boolean {
  return kind === 'running' || kind === 'starting' || kind === 'stopping';
}

/** Undefined if the server is gone again, which the events report as well. */
async function read(client: FusionizerClient): Promise<ServerState | undefined> {
  try {
    const [tasks, setup, schedule] = await Promise.all([client.tasks(), client.setup(), client.schedule()]);
    return { tasks, setup, schedule };
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

function failed(error: Error): ServerStatus {
  return { kind: error instanceof ClientError && error.code === 'unauthorized' ? 'needsToken' : 'failed', error };
}
