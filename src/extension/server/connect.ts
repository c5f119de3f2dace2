import { readFile } from 'node:fs/promises';
import { ClientError, ServerUnreachableError } from '../../client/errors.ts';
import { FusionizerClient } from '../../client/fusionizerClient.ts';
import { serverOfState } from '../../client/localServer.ts';
import { FusionizerError } from '../../core/errors.ts';
import { makeStateDir } from '../../core/stateDir.ts';
import type { FusionizerServer, FusionizerServerOptions } from '../../fusionizerServer.ts';

/** A server of this window, one that serves this folder already (another window's, a terminal's), or one at a configured address. */
export type ServerOrigin = 'own' | 'attached' | 'remote';

export interface Connection {
  readonly origin: ServerOrigin;
  /** Without a slash at its end. */
  readonly address: string;
  /** What its requests need, if they need one. */
  readonly token: string | undefined;
  readonly client: FusionizerClient;
  /** Whether the server still runs, as far as can be told without asking it. */
  isAlive(): Promise<boolean>;
  /** Ends a server of this window; leaves any other as it is. @param hurry cuts off running events */
  close(hurry?: AbortSignal): Promise<void>;
}

export interface OwnServerOptions extends Omit<FusionizerServerOptions, 'signal'> {
  /** What went another way than the settings say. */
  warn(message: string): void;
}

/**
 * Reaches a server elsewhere.
 * @throws ClientError `unauthorized` without the right token; ServerUnreachableError
 */
export async function connectRemote(url: string, token: string | undefined): Promise<Connection> {
  let address: URL;
  try {
    address = new URL(url);
  } catch (cause) {
    throw new FusionizerError('malformed', `fusionizer.server.url is '${url}', which is no address: write one such as http://10.0.0.5:8000`, { cause });
  }
  if (address.protocol !== 'http:') {
    throw new FusionizerError('malformed', `fusionizer.server.url is '${url}': a Fusionizer server is reached by http://`);
  }
  const client = new FusionizerClient(address, { token });
  await client.health().catch((error: unknown) => {
    if (!(error instanceof ClientError && error.code === 'unauthorized')) throw error;
    const what = token === undefined ? 'asks for a token' : 'does not take the token that is kept for it';
    throw new ClientError(
      { code: 'unauthorized', status: error.status, detail: `The server at ${url} ${what}: give it with 'Fusionizer: Set Server Token...'` },
      { cause: error },
    );
  });
  return { origin: 'remote', address: withoutSlash(address.href), token, client, isAlive: async () => true, close: async () => {} };
}

/** Takes the server that holds the state folder already, else starts one in this process. @throws FusionizerError */
export async function connectFolder(options: OwnServerOptions, signal: AbortSignal): Promise<Connection> {
  await makeStateDir(options.state);
  const attached = await attach(options);
  if (attached) return attached;
  const { startFusionizerServer } = await import('../../fusionizerServer.ts');
  let server: FusionizerServer;
  try {
    server = await startFusionizerServer({ ...options, signal });
  } catch (error) {
    signal.throwIfAborted();
    // Another one was quicker.
    const other = await attach(options);
    if (other) return other;
    if (!isPortTaken(error)) throw error;
    server = await startFusionizerServer({ ...options, port: 0, signal });
    options.warn(`Port ${options.port ?? 8000} is taken: the server listens at ${withoutSlash(server.address.href)}`);
  }
  const token = server.tokenFile === undefined ? undefined : (await readFile(server.tokenFile, 'utf8')).trim();
  return {
    origin: 'own',
    address: withoutSlash(server.address.href),
    token,
    client: new FusionizerClient(server.address, { token }),
    isAlive: async () => true,
    close: (hurry) => server.close(hurry),
  };
}

async function attach({ state, tokenFile }: OwnServerOptions): Promise<Connection | undefined> {
  const found = await serverOfState(state, tokenFile);
  if (found === undefined) return undefined;
  const client = new FusionizerClient(found.address, { token: found.token });
  try {
    await client.health();
  } catch (error) {
    // It is starting or ending: what follows tells which.
    if (error instanceof ServerUnreachableError || (error instanceof ClientError && error.status === 503)) return undefined;
    throw error;
  }
  return { origin: 'attached', address: withoutSlash(found.address), token: found.token, client, isAlive: found.isAlive, close: async () => {} };
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && (error.cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '');
