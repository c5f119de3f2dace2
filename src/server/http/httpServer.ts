import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FusionizerError } from '../../shared/errors.ts';
import { createApp } from '../api/app.ts';
import type { ServerParts } from '../parts.ts';
import { trackConnections } from './connections.ts';
import { Gate } from './gate.ts';
import { Guard } from './guard.ts';
import { Invocations } from './invocations.ts';
import { answerBadRequests } from './rawAnswers.ts';
import { Refusals } from './refusals.ts';
import { accessOf, requestHandler } from './requestHandler.ts';
import { SlowClients } from './slowClients.ts';

/**
 * In milliseconds. Functions keep connections open for calls, and the server must not close these between two calls.
 */
const KEEP_ALIVE = 75_000;
/** How often a drain checks whether the last event has ended, in milliseconds. Events need no bookkeeping for it. */
const DRAIN_LOOK = 10;
/** How long a client may take for the headers of a request, and for each next piece of its body, in milliseconds. */
const PATIENCE = 30_000;

export interface ListeningServer {
  /** The base address by which this machine reaches it. */
  readonly address: URL;
  /** Lets requests in. Until then they get 503, because Tasks from before a restart are still being started. */
  open(): void;
  /**
   * Refuses new requests, except those that running events make, and waits until these events have ended.
   * @param grace the longest wait, in milliseconds
   * @param hurry ends the wait
   * @returns how many events still run
   */
  drain(grace: number, hurry: AbortSignal | undefined): Promise<number>;
  /** Stops listening and ends open connections. Answers that are being sent get a second to finish. */
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** The name or address by which others reach it; default: the one that this machine reaches it by. */
  advertised?: string | undefined;
  /** 0 for a free port. */
  port: number;
  /** The names of this server, besides its address and localhost. */
  allowedHosts: readonly string[];
  /**
   * How long a client may take for the headers of a request, and for each next piece of its body, in milliseconds;
   * default 30,000.
   */
  patience?: number | undefined;
}

/** @throws FusionizerError `port-taken`, or `option` for an address that does not belong to this machine */
export async function listen(
  parts: ServerParts,
  { host, advertised, port, allowedHosts, patience = PATIENCE }: ListenOptions,
): Promise<ListeningServer> {
  const { auth } = parts;
  const app = createApp(parts);
  const guard = new Guard([host, ...allowedHosts, ...(advertised === undefined ? [] : [advertised])]);
  const refusals = new Refusals(parts.serverLog);
  const invocations = new Invocations(parts.fusionizer, parts.runningEvents, {
    guard,
    auth,
    log: parts.serverLog,
    refusals,
  });
  const slow = new SlowClients(patience);
  const gate = new Gate((request) => invocations.isFromRunning(request) || accessOf(request) === 'invoke');
  const handle = requestHandler({ app, auth, guard, refusals, invocations, slow, gate, log: parts.serverLog });
  const options = {
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: patience,
    connectionsCheckingInterval: patience / 4,
    // No limit for a whole request: an upload may take any time while it makes progress, see SlowClients.
    requestTimeout: 0,
    // The guard checks it and answers with a readable message.
    requireHostHeader: false,
  };
  const server = createServer(options, handle);
  // An expectation other than 100-continue is ignored, as in Nuclio. Node.js would answer with 417 and no word.
  server.on('checkExpectation', handle);
  // The size of headers is limited. Of more than 1,000, Node.js would drop the last ones without a word.
  server.maxHeadersCount = 0;
  const endConnections = trackConnections(server);
  answerBadRequests(server, (socket) => slow.newest(socket as Socket));
  // To Node.js, an empty host would mean all addresses.
  if (host === '') throw new FusionizerError('option', `The address to listen on is empty: ${HOSTS}`);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw notListening(host, port, cause as NodeJS.ErrnoException);
  }
  const { port: taken } = server.address() as AddressInfo;
  const address = reachableAddress(host, taken);
  parts.address.set(advertised === undefined ? address : reachableAddress(advertised, taken));
  return {
    address,
    open: () => {
      gate.open = true;
    },
    drain: async (grace, hurry) => {
      gate.close();
      const deadline = performance.now() + grace;
      while (invocations.running > 0 && performance.now() < deadline && !hurry?.aborted) await delay(DRAIN_LOOK);
      return invocations.running;
    },
    close: async () => {
      slow.close();
      refusals.close();
      parts.followers.end();
      await endConnections();
    },
  };
}

/** Whether a server that listens at this host can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

const HOSTS = 'use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for all of its addresses';

function notListening(host: string, port: number, cause: NodeJS.ErrnoException): FusionizerError {
  const { code, message } = cause;
  const free = 'Choose another one with --port, or use --port 0 for a free one';
  if (code === 'EADDRINUSE') {
    const text = `Port ${port} of ${host} is in use by another program. ${free}`;
    return new FusionizerError('port-taken', text, { cause });
  }
  const why =
    code === 'EACCES'
      ? `This user may not listen on port ${port} of ${host}: choose one from 1024 on with --port`
      : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? `${host} is not an address of this machine (${code}): ${HOSTS}`
        : `Cannot listen on ${host}:${port}: ${message}`;
  return new FusionizerError('option', why, { cause });
}

/** The address of the server for this machine: for a server on all interfaces, the loopback address. */
function reachableAddress(host: string, port: number): URL {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new URL(`http://${name.includes(':') ? `[${name}]` : name}:${port}/`);
}
