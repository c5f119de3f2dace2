import { severity } from '../../../shared/api.ts';
import type { WorkerLog } from '../workers/workerMessages.ts';
import type { WorkerResponse } from '../workers/workerProcess.ts';
import { canonicalHeader, toBytes } from './nuclioHttp.ts';

/** What Nuclio's http trigger makes of a worker's response. Observed on Nuclio 1.14, see docs/differences.md. */

/** Nuclio leaves X-Nuclio-Logs out from this size on, in bytes. */
const MAX_LOGS_HEADER = 4096;

/** Each answer of a Nuclio processor has these. */
export const OWN_HEADERS: readonly string[] = ['Server', 'nuclio'];
/** The type of a handler's answer that has none. */
export const DEFAULT_TYPE = 'text/plain; charset=utf-8';
/** The server sets these headers of an answer, and ignores a handler's. Content-Type has a field of its own. */
const RESERVED = new Set([
  'Content-Type',
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
  'Connection',
  'Keep-Alive',
  'Date',
  'Server',
  'Fusionizer-Trace-Id',
]);

/** An answer that no handler made. */
export function plainAnswer(status: number, text: string, contentType: string): WorkerResponse {
  return { status, contentType, headers: {}, body: Buffer.from(text), logs: [] };
}

/**
 * The headers that an answer is sent with (names and values in turns): canonical names, the last of a repeated one
 * wins.
 * @param given the handler's own
 * @param logs the value of X-Nuclio-Logs; undefined if the client did not ask for it, or if it is too long
 * @param cors what the CORS settings add; a handler's own header of the same name takes its place, as in Nuclio
 */
export function answerHeaders(given: Record<string, string>, logs?: string, cors: readonly string[] = []): string[] {
  if (logs === undefined && Object.keys(given).length === 0) return [...cors];
  const headers = new Map<string, string>();
  for (let index = 0; index < cors.length; index += 2) headers.set(cors[index] ?? '', cors[index + 1] ?? '');
  for (const [name, value] of Object.entries(given)) {
    const canonicalName = canonicalHeader(name);
    if (!RESERVED.has(canonicalName)) headers.set(canonicalName, toBytes(value));
  }
  if (logs !== undefined) headers.set('X-Nuclio-Logs', logs);
  return [...headers].flat();
}

/**
 * The value of X-Nuclio-Logs: records of at least this level, with their extra fields flattened. An unknown level means
 * debug.
 * @returns undefined if it is too long
 */
export function logsHeader(logs: readonly WorkerLog[], level: string, trigger: string): string | undefined {
  const least = Math.max(0, severity(level.toLowerCase()));
  const records = logs
    .filter((record) => severity(record.level) >= least)
    .map(({ level: own, time, message, with: extra }) => ({ level: own, time, name: trigger, message, ...extra }));
  // Headers are bytes, so characters beyond ASCII are written as JSON escapes.
  const header = JSON.stringify(records).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return header.length < MAX_LOGS_HEADER ? header : undefined;
}
