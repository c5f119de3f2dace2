import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, isPassing } from '../../client/errors.ts';
import { FusionizerClient } from '../../client/fusionizerClient.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer, FusionizerServerOptions } from '../../startServer.ts';
import { serverOfState } from '../../state/localServer.ts';
import type { ServedBy } from '../../state/servedBy.ts';
import { makeStateDir } from '../../state/stateDir.ts';
import { isAlive, readHolder } from '../../state/stateLock.ts';

/**
 * A server of this window, one that serves this folder already (another window's, a terminal's), or one at a configured
 * address.
 */
export type ServerOrigin = 'own' | 'attached' | 'remote';

export interface Connection {
  readonly origin: ServerOrigin;
  /** Without a slash at its end. */
  readonly address: string;
  /** What its requests need, if they need one. */
  readonly token: string | undefined;
  readonly client: FusionizerClient;
  /** What other folders say that it serves as well; undefined for one at a configured address. */
  readonly servedBy: ServedBy | undefined;
  /** Whether the server still runs, as far as can be told without asking it. */
  isAlive(): Promise<boolean>;
  /** Ends a server of this window; leaves any other as it is. @param hurry cuts off running events */
  close(hurry?: AbortSignal): Promise<void>;
}

export interface OwnServerOptions extends Omit<FusionizerServerOptions, 'signal'> {
  /** What went another way than the settings say. */
  warn(message: string): void;
}

/** Between two looks at a server that is starting or ending, in milliseconds. */
const LOOK = 100;

/**
 * Reaches a server elsewhere. One that is just starting is waited for.
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
    const what = token === undefined ? 'asks for a token' : 'does not take the token that is kept for it';
    throw new ClientError(
      {
        code: 'unauthorized',
        status: error.status,
        detail: `The server at ${url} ${what}: give it with 'Fusionizer: Set Server Token...'`,
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
    await delay(LOOK, undefined, { signal });
  }
}

/**
 * Takes the server that holds the state folder already, else starts one in this process. One that is just starting or
 * ending is waited for.
 * @param signal ends the start, and the wait
 * @throws FusionizerError, `unauthorized` where the token of a server that runs already is not in `tokenFile`
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
    if (!waited) options.warn(`A server that is starting or ending holds ${options.state}: it is waited for`);
    await delay(LOOK, undefined, { signal });
  }
}

/** @returns undefined where another process was quicker */
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
    options.warn(`Port ${options.port ?? 8000} is taken: the server listens at ${withoutSlash(server.address.href)}`);
  }
  const token = server.tokenFile === undefined ? undefined : (await readFile(server.tokenFile, 'utf8')).trim();
  return {
    origin: 'own',
    address: withoutSlash(server.address.href),
    token,
    client: new FusionizerClient(server.address, { token }),
    servedBy: servedBy(options, process.pid),
    isAlive: async () => true,
    close: (hurry) => server.close(hurry),
  };
}

async function attach(options: OwnServerOptions, signal: AbortSignal): Promise<Connection | undefined> {
  const found = await serverOfState(options.state, options.tokenFile);
  if (found === undefined) return undefined;
  const client = new FusionizerClient(found.address, { token: found.token });
  try {
    await client.health({ signal });
  } catch (error) {
    // It is starting or ending: what follows tells which.
    if (isPassing(error)) return undefined;
    if (!(error instanceof ClientError && error.code === 'unauthorized')) throw error;
    const file = options.tokenFile ?? path.join(options.state, 'token');
    const detail = `The server at ${found.address} serves this folder and asks for a token, which is not the one in ${file}: name its token file by fusionizer.server.tokenFile`;
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

/** Whether a process that still runs holds the state. */
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
