import express, { type NextFunction, type Request, type Response } from 'express';
import * as z from 'zod';
import { asFusionizerError, type ErrorCode, FusionizerError } from '../../shared/errors.ts';
import { sendError } from '../http/errorAnswer.ts';
import type { ServerParts } from '../parts.ts';
import { callRoutes } from './calls.ts';
import { docsRoutes } from './docs.ts';
import { ENDPOINTS } from './endpoints.ts';
import { environmentRoutes } from './environments.ts';
import { eventsRoutes } from './events.ts';
import { logRoutes } from './logs.ts';
import { methodRoutes } from './methods.ts';
import { operationRoutes } from './operations.ts';
import { scheduleRoutes } from './schedule.ts';
import { MAX_JSON } from './serve.ts';
import { healthRoutes, metricsRoutes } from './server.ts';
import { setupRoutes } from './setup.ts';
import { taskRoutes, taskViewRoutes } from './tasks.ts';
import { traceRoutes } from './traces.ts';
import { uiRoutes } from './ui.ts';

const READING_ERRORS: ReadonlyMap<unknown, ErrorCode> = new Map([
  [400, 'malformed'],
  [413, 'too-large'],
  [415, 'unsupported'],
] as const);

/** The most that an answer says about a malformed request, in characters: the request may have 30,000 faults. */
const MAX_SHOWN = 1000;

/** The control API: everything but invocations. */
export function createApp(parts: ServerParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.enable('case sensitive routing');
  app.use(
    methodRoutes(),
    healthRoutes(parts),
    taskViewRoutes(parts),
    metricsRoutes(parts),
    environmentRoutes(parts),
    setupRoutes(parts),
    logRoutes(parts),
    scheduleRoutes(parts),
    traceRoutes(parts),
    callRoutes(parts),
    eventsRoutes(parts),
    operationRoutes(parts),
    docsRoutes(parts, ENDPOINTS),
    uiRoutes(),
    taskRoutes(parts),
  );
  app.use((request: Request) => {
    throw new FusionizerError(
      'not-found',
      `There is no ${request.method} ${request.path} on this server: GET /-/docs lists all addresses`,
    );
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    // The request has its answer already, and only then its body failed, for example because it came too slowly. There
    // is no one left to report this to.
    if (response.writableEnded) return;
    if (response.headersSent) return next(error);
    sendError(request, response, toError(error, parts));
  });
  return app;
}

/** The first thing that is wrong with a request, and its place. */
function reasonOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'The request is malformed: see docs/http-api.md';
  // Names the Task itself, wherever it stands.
  if (issue.code === 'custom' && issue.path.every((key) => typeof key === 'number')) return issue.message;
  const why = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;
  return `The request is malformed: ${[...placesOf(issue.path), why].join(': ')}`;
}

/** Keys as they are in a path, `entries.5`, and items of lists counted as people count. */
function placesOf(path: readonly PropertyKey[]): string[] {
  const places: string[] = [];
  for (const [index, key] of path.entries()) {
    if (typeof key === 'number') places.push(`item ${key + 1}`);
    else if (typeof path[index - 1] === 'string') places.push(`${places.pop()}.${String(key)}`);
    else places.push(String(key));
  }
  return places;
}

function toError(error: unknown, parts: ServerParts): FusionizerError {
  if (error instanceof FusionizerError && error.code !== 'internal') return error;
  if (error instanceof z.ZodError) {
    const reason = reasonOf(error);
    const shown = reason.length > MAX_SHOWN ? `${reason.slice(0, MAX_SHOWN)}...` : reason;
    return new FusionizerError('malformed', shown, { cause: error });
  }
  // Errors of body-parser and Express carry a status: for a body that is too large, or that has an unknown encoding.
  const code = error instanceof Error && 'status' in error ? READING_ERRORS.get(error.status) : undefined;
  if (code === 'too-large')
    return new FusionizerError(
      code,
      `The request's body is too large: at most ${MAX_JSON / 1024 ** 2} MiB are taken here, which no setting raises`,
      { cause: error },
    );
  if (error instanceof Error && code !== undefined) {
    const what = error instanceof URIError ? "The request's path" : "The request's body";
    return new FusionizerError(code, `${what} cannot be read: ${error.message}`, { cause: error });
  }
  const failure = asFusionizerError(error);
  if (failure.code === 'internal')
    parts.serverLog.write('error', `Internal error: ${failure.message}`, {
      stack: (failure.cause instanceof Error ? failure.cause : failure).stack,
    });
  return failure;
}
