import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, isPassing } from '../../client/errors.ts';
import { FusionizerClient } from '../../client/fusionizerClient.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer, FusionizerServerOptions } from '../../startServer.ts';
import { serverOfState } from '../../state/localServer.ts';
import type { ServedBy } from '../../state/servedBy.ts';
import { makeStateDir } from '../../state/stateDir.ts';
import { isAlive, readHolder } from '../../state/stateLock.ts';
import { withSettings } from './settingNames.ts';

/**
 * `own`: a server of this window. `attached`: one that serves this folder already, of another window or a terminal.
 * `remote`: one at a configured address.
 */
export type ServerOrigin = 'own' | 'attached' | 'remote';

export interface Connection {
  readonly origin: ServerOrigin;
  /** Without a slash at the end. */
  readonly address: string;
  /** The token that requests need; undefined if they need none. */
  readonly token: string | undefined;
  readonly client: FusionizerClient;
  /** What the state folders of other workspace folders name; undefined for a server at a configured address. */
  readonly servedBy: ServedBy | undefined;
  /** Whether the server still runs, as far as that is known without a request. */
  isAlive(): Promise<boolean>;
  /** Stops a server of this window and leaves any other one running. @param hurry cuts off running events */
  close(hurry?: AbortSignal): Promise<void>;
}

export interface OwnServerOptions extends Omit<FusionizerServerOptions, 'signal'> {
  /** Reports a difference to the settings. */
  warn(message: string): void;
}

/** Milliseconds between two checks of a server that is starting or stopping. */
const INTERVAL = 100;

/**
 * Connects to a server elsewhere, and waits for one that is just starting.
 * @param signal ends the wait
 * @throws ClientError `unauthorized` without the right token; ServerUnreachableError
 */
export async function connectRemote(url: string, token: string | undefined, signal: AbortSignal): Promise<Connection> {
  let address: URL;
  try {
    address = new URL(url);
  } catch (cause) {
    throw new FusionizerError(
      'option',
      `fusionizer.server.url is '${url}', which is not an address: write one such as http://10.0.0.5:8000`,
      { cause },
    );
  }
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new FusionizerError(
      'option',
      `fusionizer.server.url is '${url}': a Fusionizer server is reached by http:// or https://`,
    );
  }
  const client = new FusionizerClient(address, { token });
  await untilReady(client, signal).catch((error: unknown) => {
    if (!(error instanceof ClientError && error.code === 'unauthorized')) throw error;
    const what = token === undefined ? 'asks for a token' : 'does not accept the stored token';
    throw new ClientError(
      {
        code: 'unauthorized',
        status: error.status,
        detail: `The server at ${url} ${what}: set it with 'Fusionizer: Set Server Token...'`,
      },
      { cause: error },
    );
  });
  return {
    origin: 'remote',
    address: withoutSlash(address.href),
    token,
    client,
    servedBy: undefined,
    isAlive: async () => true,
    close: async () => {},
  };
}

async function untilReady(client: FusionizerClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await client.health({ signal });
      return;
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'busy')) throw error;
    }
    await delay(INTERVAL, undefined, { signal });
  }
}

/**
 * Connects to the server that holds the state folder, else starts one in this process. It waits for a server that is
 * just starting or stopping.
 * @param signal ends the start, and the wait
 * @throws FusionizerError, `unauthorized` if the token of a running server is not in `tokenFile`
 */
export async function connectFolder(options: OwnServerOptions, signal: AbortSignal): Promise<Connection> {
  await makeStateDir(options.state);
  for (let waited = false; ; waited = true) {
    const attached = await attach(options, signal);
    if (attached) return attached;
    if (!(await isHeld(options.state))) {
      const own = await startOwn(options, signal);
      if (own) return own;
    }
    if (!waited) options.warn(`Waiting for a server that is starting or stopping and holds ${options.state}`);
    await delay(INTERVAL, undefined, { signal });
  }
}

/** @returns undefined if another process was quicker */
async function startOwn(options: OwnServerOptions, signal: AbortSignal): Promise<Connection | undefined> {
  const { startFusionizerServer } = await import('../../startServer.ts');
  let server: FusionizerServer;
  try {
    server = await startFusionizerServer({ ...options, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (await isHeld(options.state)) return undefined;
    if (!(error instanceof FusionizerError && error.code === 'port-taken')) throw error;
    server = await startFusionizerServer({ ...options, port: 0, signal });
    const address = withoutSlash(server.address.href);
    options.warn(`Port ${options.port ?? 8000} is in use by another program, so the server listens at ${address}`);
  }
  const token = server.tokenFile === undefined ? undefined : (await readFile(server.tokenFile, 'utf8')).trim();
  return {
    origin: 'own',
    address: withoutSlash(server.address.href),
    token,
    client: new FusionizerClient(server.address, { token, wording: withSettings }),
    servedBy: servedBy(options, process.pid),
    isAlive: async () => true,
    close: (hurry) => server.close(hurry),
  };
}

async function attach(options: OwnServerOptions, signal: AbortSignal): Promise<Connection | undefined> {
  const found = await serverOfState(options.state, options.tokenFile);
  if (found === undefined) return undefined;
  const client = new FusionizerClient(found.address, { token: found.token, wording: withSettings });
  try {
    await client.health({ signal });
  } catch (error) {
    // The server is starting or stopping. The caller checks again.
    if (isPassing(error)) return undefined;
    if (!(error instanceof ClientError && error.code === 'unauthorized')) throw error;
    const file = options.tokenFile ?? path.join(options.state, 'token');
    const detail =
      `The server at ${found.address} serves this folder and does not accept the token in ${file}: ` +
      'name its token file by fusionizer.server.tokenFile';
    throw new FusionizerError('unauthorized', detail, { cause: error });
  }
  return {
    origin: 'attached',
    address: withoutSlash(found.address),
    token: found.token,
    client,
    servedBy: servedBy(options, found.pid),
    isAlive: found.isAlive,
    close: async () => {},
  };
}

/** Whether a state folder has deployed Tasks, or a running server holds it. */
export async function isInUse(state: string): Promise<boolean> {
  const tasks = await readdir(path.join(state, 'tasks')).catch(ifMissing([]));
  return tasks.length > 0 || (await isHeld(state));
}

/** Whether a running process holds the state folder. */
async function isHeld(state: string): Promise<boolean> {
  const holder = await readHolder(path.join(state, 'lock.json'));
  return holder !== undefined && (await isAlive(holder));
}

function servedBy({ state, tokenFile }: OwnServerOptions, pid: number): ServedBy {
  return {
    state: path.resolve(state),
    pid,
    ...(tokenFile === undefined ? {} : { tokenFile: path.resolve(tokenFile) }),
  };
}
