import type { LogLevel } from '../../../shared/api.ts';
import type { WorkerLog } from '../workers/workerMessages.ts';
import type { WorkerResponse } from '../workers/workerProcess.ts';

/** What Nuclio's http trigger makes of a worker's response. Observed on Nuclio 1.14, see docs/differences.md. */

/** Nuclio leaves X-Nuclio-Logs out from this size on, in bytes. */
const MAX_LOGS_HEADER = 4096;
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Each answer of a Nuclio processor has these. */
export const OWN_HEADERS: readonly string[] = ['Server', 'nuclio'];
/**
 * Headers that describe the message itself. The server sets them, and ignores what a handler says. Content-Type has a
 * field of its own.
 */
const RESERVED = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'date',
  'server',
]);

/** An answer that no handler made. */
export function plainAnswer(status: number, text: string, contentType: string): WorkerResponse {
  return { status, contentType, headers: {}, body: Buffer.from(text), logs: [] };
}

/**
 * Names and values in turns.
 * @param cors headers that the trigger's CORS settings add
 */
export function answerHeaders({ headers, contentType }: WorkerResponse, cors: readonly string[] = []): string[] {
  const answer = [...OWN_HEADERS, ...cors];
  for (const name in headers) if (!RESERVED.has(name.toLowerCase())) answer.push(name, headers[name] ?? '');
  if (contentType !== '') answer.push('Content-Type', contentType);
  return answer;
}

/**
 * X-Nuclio-Logs: records of at least this level, with their extra fields flattened. An unknown level means debug. A
 * local callee's records belong to its own answer, as those of a remote callee do.
 * @returns name and value, or nothing when there are too many records
 */
export function logsHeader(
  logs: readonly WorkerLog[],
  { level, task, trigger }: { level: string; task: string; trigger: string },
): string[] {
  const least = Math.max(0, LEVELS.indexOf(level.toLowerCase() as LogLevel));
  const records = logs
    .filter((record) => (record.task === null || record.task === task) && LEVELS.indexOf(record.level) >= least)
    .map((record) => ({
      level: record.level,
      time: record.time,
      name: trigger,
      message: record.message,
      ...record.with,
    }));
  // Headers are bytes, so characters beyond ASCII are written as JSON escapes.
  const value = JSON.stringify(records).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return value.length < MAX_LOGS_HEADER ? ['X-Nuclio-Logs', value] : [];
}
