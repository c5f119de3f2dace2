import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FusionizerError } from '../core/errors.ts';
import { createApp } from './app.ts';
import type { Access, Auth } from './auth.ts';
import { trackConnections } from './connections.ts';
import { sendError } from './errorAnswer.ts';
import { Gate } from './gate.ts';
import { Guard } from './guard.ts';
import { Invocations } from './invocations.ts';
import type { ServerParts } from './parts.ts';
import { classify } from './requestPath.ts';

/** Functions keep connections for calls; they must not be closed under them between two calls. */
const KEEP_ALIVE = 75_000;
/** How often it is looked whether the last event has ended, in milliseconds: events themselves do nothing for that. */
const DRAIN_LOOK = 10;

export interface ListeningServer {
  /** The base address, as functions and clients on this machine reach it. */
  address: URL;
  /** Lets requests in. Until then they are answered 503: what was served before a restart is still being started. */
  open(): void;
  /**
   * Lets no new request in, but those that running events make, and waits until these have ended.
   * @param grace milliseconds at most
   * @param hurry ends the wait
   * @returns how many events still run
   */
  drain(grace: number, hurry: AbortSignal | undefined): Promise<number>;
  /** Stops to listen and ends open connections; answers that are being sent get a second. */
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Names that the server is reached by, besides its address and localhost. */
  allowedHosts: readonly string[];
  auth: Auth;
}

/**
 * @throws FusionizerError `platform` when the port is taken
 */
export async function listen(parts: ServerParts, { host, port, allowedHosts, auth }: ListenOptions): Promise<ListeningServer> {
  const app = createApp(parts);
  const guard = new Guard([host, ...allowedHosts]);
  const invocations = new Invocations(parts.fusionizer, parts.runningEvents, guard, auth);
  const gate = new Gate((request) => invocations.isFromRunning(request) || accessOf(request) === 'invoke');
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    if (!gate.open && gate.refuses(request, response)) return;
    const preflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    const kind = classify(request.method ?? 'GET', request.url ?? '/', preflight);
    if (kind.kind === 'invocation') {
      invocations.handle(request, response, kind.task, kind.target, preflight);
      return;
    }
    const exchange = auth.exchange(request);
    const refusal = guard.check(request.headers) ?? (exchange ? undefined : auth.check(request, accessOf(request)));
    if (refusal !== undefined) sendError(request, response, refusal);
    else if (exchange) response.writeHead(303, { Location: exchange.location, 'Set-Cookie': exchange.cookie }).end();
    else app(request, response);
  });
  const endConnections = trackConnections(server);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new FusionizerError(
      'platform',
      taken
        ? `Port ${port} of ${host} is taken: is another server running there? --port 0 takes a free one`
        : `Cannot listen on ${host}:${port}: ${(cause as Error).message}`,
      { cause },
    );
  }
  const address = reachableAddress(host, (server.address() as AddressInfo).port);
  parts.runningEvents.serverHost = address.hostname.replace(/^\[|\]$/g, '');
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
      parts.followers.end();
      await endConnections();
    },
  };
}

/** What a function does besides invoking: sending its traces, and asking whether a Task exists (docs/dispatcher.md). */
function accessOf({ method, url = '' }: IncomingMessage): Access {
  const forFunctions = (method === 'POST' && url === '/-/traces') || (method === 'GET' && /^\/-\/tasks\/[a-z0-9-]+$/.test(url));
  return forFunctions ? 'invoke' : 'control';
}

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** A server on all interfaces is reached at the loopback address from here. */
function reachableAddress(host: string, port: number): URL {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new URL(`http://${name.includes(':') ? `[${name}]` : name}:${port}/`);
}
