import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ServerLog } from '../../engine/observe/serverLog.ts';
import { asFusionizerError, FusionizerError } from '../../shared/errors.ts';
import type { Access, Auth } from './auth.ts';
import { sendError } from './errorAnswer.ts';
import type { Gate } from './gate.ts';
import type { Guard } from './guard.ts';
import type { Invocations } from './invocations.ts';
import type { Refusals } from './refusals.ts';
import { classify, originForm } from './requestPath.ts';
import type { SlowClients } from './slowClients.ts';

/** Those that a request passes, in this order. */
export interface Stations {
  readonly slow: SlowClients;
  readonly gate: Gate;
  readonly invocations: Invocations;
  readonly auth: Auth;
  readonly guard: Guard;
  readonly refusals: Refusals;
  /** The control API. */
  readonly app: RequestListener;
  readonly log: ServerLog;
}

/** Decides for each request whether it is an invocation or one to the control API, and who may send it. */
export function requestHandler(stations: Stations): RequestListener {
  return (request, response) => {
    try {
      handle(request, response, stations);
    } catch (error) {
      // This is a bug of ours. No request may end the server, whatever it holds.
      const failure = asFusionizerError(error);
      stations.log.write('error', `Internal error: ${failure.message}`, { stack: failure.stack });
      sendError(request, response, failure);
    }
  };
}

function handle(request: IncomingMessage, response: ServerResponse, stations: Stations): void {
  const { slow, gate, invocations, auth, guard, refusals, app } = stations;
  slow.note(request, response);
  if (!gate.open && gate.refuses(request, response)) return;
  const target = targetOf(request);
  if (target instanceof FusionizerError) {
    sendError(request, response, target);
    return;
  }
  request.url = target;
  const preflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  const kind = classify(request.method ?? 'GET', target, preflight);
  if (kind.kind === 'invocation') {
    invocations.handle(request, response, kind.task, kind.target, preflight);
    return;
  }
  const exchange = auth.exchange(request);
  const refusal = guard.check(request.headers) ?? (exchange ? undefined : auth.check(request, accessOf(request)));
  if (refusal !== undefined) refusals.refuse(request, response, refusal);
  else if (exchange) response.writeHead(303, { Location: exchange.location, 'Set-Cookie': exchange.cookie }).end();
  else app(request, response);
}

/** @returns the path and query of a request, or an error if its address is ambiguous or not one of this server */
function targetOf({ url = '/', headers, rawHeaders }: IncomingMessage): string | FusionizerError {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  // Node.js uses the first Host header, but a proxy in front of us may have checked the last one (RFC 9112, 3.2).
  if (hosts > 1) return new FusionizerError('malformed', 'The request has more than one Host header: send one');
  const target = originForm(url, headers.host);
  return (
    target ??
    new FusionizerError('malformed', `The request's target '${url}' is not a path of this server: begin it with '/'`)
  );
}

/** Besides invoking, a function may send its traces and ask whether a Task exists (docs/function-package.md). */
export function accessOf({ method, url = '' }: IncomingMessage): Access {
  const forFunctions =
    (method === 'POST' && url === '/-/traces') ||
    ((method === 'GET' || method === 'HEAD') && /^\/-\/tasks\/[a-z0-9-]+$/.test(url));
  return forFunctions ? 'invoke' : 'control';
}
