import type { ServerEvent } from '../../client/events.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { ServerState } from '../model/setupModel.ts';
import type { Connection } from './connect.ts';

export type ServerStatus =
  | { readonly kind: 'stopped' | 'starting' | 'stopping' }
  | { readonly kind: 'running'; readonly connection: Connection }
  | { readonly kind: 'failed'; readonly error: Error };

export interface ServerListener {
  status(status: ServerStatus): void;
  /** The state as it is now: after a connect, or when events were missed. */
  read(state: ServerState): void;
  event(event: ServerEvent): void;
  /** A failure that nobody waits for. */
  report(error: Error): void;
}

/** The window's way to its server: starts, attaches, follows its events, and goes on when another window's server ends. */
export class ServerConnection {
  readonly #connect: (signal: AbortSignal) => Promise<Connection>;
  readonly #listener: ServerListener;
  #status: ServerStatus = { kind: 'stopped' };
  #starting: Promise<Connection> | undefined;
  #abort = new AbortController();

  /** @param connect makes a connection as the settings say */
  constructor(connect: (signal: AbortSignal) => Promise<Connection>, listener: ServerListener) {
    this.#connect = connect;
    this.#listener = listener;
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** The client of the running server, which is started if there is none. @throws what the start fails with */
  async client(): Promise<FusionizerClient> {
    return (await this.start()).client;
  }

  /** Undefined while none runs. */
  get connection(): Connection | undefined {
    return this.#status.kind === 'running' ? this.#status.connection : undefined;
  }

  /** Resolves when the server is reached and its state is read; does nothing when it is already. */
  start(): Promise<Connection> {
    this.#starting ??= this.#start().catch((error: Error) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** Ends a server of this window; leaves any other. @param hurry cuts off running events */
  async stop(hurry?: AbortSignal): Promise<void> {
    const starting = this.#starting;
    if (starting === undefined) {
      this.#set({ kind: 'stopped' });
      return;
    }
    this.#set({ kind: 'stopping' });
    this.#abort.abort(new Error('The server is stopped'));
    // Whoever waits for the start is told by its own promise.
    const connection = await starting.catch(() => undefined);
    await connection?.close(hurry);
    this.#starting = undefined;
    this.#set({ kind: 'stopped' });
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
      const failure = error instanceof Error ? error : new Error(String(error));
      if (!abort.signal.aborted) this.#set({ kind: 'failed', error: failure });
      throw failure;
    }
  }

  /** Resolves when the first state is read; goes on in the background. */
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
    for await (const event of client.events({ names: ['task', 'setup', 'operation', 'schedule', 'log'], signal })) {
      if (event.name === 'connected' || event.name === 'reset') {
        const [tasks, setup, schedule] = await Promise.all([client.tasks(), client.setup(), client.schedule()]);
        if (signal.aborted) return;
        this.#listener.read({ tasks, setup, schedule });
        this.#set({ kind: 'running', connection });
        ready();
      } else if (event.name === 'disconnected') {
        if (!(await connection.isAlive())) {
          // The window or terminal that ran the server has gone: this one takes over.
          if (signal.aborted) return;
          this.#lost(event.error);
          await this.start();
          return;
        }
        if (connection.origin !== 'own')
          this.#set({ kind: 'failed', error: new Error(`The server at ${connection.address} does not answer: ${event.error.message}`) });
      } else this.#listener.event(event);
    }
  }

  #lost(error: Error): void {
    this.#abort.abort();
    this.#starting = undefined;
    this.#set({ kind: 'failed', error });
  }

  #set(status: ServerStatus): void {
    this.#status = status;
    this.#listener.status(status);
  }
}
