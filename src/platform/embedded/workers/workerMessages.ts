import * as z from 'zod';
import { maskedStart, type RecordMask, type TextMask } from '../../../secrets/mask.ts';
import { type CallRecord, type LogLevel, logLevelSchema, traceBatchSchema } from '../../../shared/api.ts';
import { FusionizerError } from '../../../shared/errors.ts';

/** The contents of workers' frames (docs/function-package.md, Worker process). */

export interface WorkerLog {
  time: number;
  level: LogLevel;
  message: string;
  with: Record<string, unknown>;
  task: string | null;
  trace: string | null;
  stream: 'log' | 'stdout' | 'stderr';
}

/**
 * An object whose values have this type. Unlike `z.record`, it keeps a key `__proto__`, which handlers may use as any
 * other.
 */
const named = <T>(hasType: (value: unknown) => value is T): z.ZodType<Record<string, T>> =>
  z.custom<Record<string, T>>(
    (given) => given !== null && typeof given === 'object' && Object.values(given).every(hasType),
  );
const anything = (_value: unknown): _value is unknown => true;
const isText = (value: unknown): value is string => typeof value === 'string';

const logSchema = z.object({
  level: logLevelSchema,
  message: z.string(),
  with: named(anything).default({}),
  time: z.number(),
  task: z.string().nullish(),
  trace: z.string().nullish(),
});
const failureSchema = z.object({
  message: z.string(),
  traceback: z.string(),
  task: z.string().nullish(),
  file: z.string().nullish(),
  line: z.number().nullish(),
  keys: z.array(z.string()).nullish(),
});
const responseSchema = z.tuple([z.int().min(100).max(999), z.string(), named(isText)]);
export type ResponseMeta = z.infer<typeof responseSchema>;

/**
 * Most answers repeat a few statuses and content types, so their JSON is parsed once. Long ones are not kept: headers
 * may have any size.
 */
const metas = new Map<string, ResponseMeta>();
const MAX_METAS = 500;
const LONGEST_META = 500;

/** The most headers of an answer. Each takes the server some time, and no client takes so many. */
const MOST_HEADERS = 10_000;
/** Stands for an answer with more. */
export const TOO_MANY_HEADERS: ResponseMeta = [500, 'text/plain', {}];
export const TOO_MANY_HEADERS_TEXT = `The answer has more than ${MOST_HEADERS} headers: put the data into its body`;

/** The metadata of an `R` frame. */
export function parseMeta(text: string): ResponseMeta {
  const known = text.length > LONGEST_META ? undefined : metas.get(text);
  if (known) return known;
  if (text.length > LONGEST_META && hasTooManyHeaders(text)) return TOO_MANY_HEADERS;
  const meta = responseSchema.parse(JSON.parse(text));
  if (metas.size < MAX_METAS && text.length <= LONGEST_META) metas.set(text, meta);
  return meta;
}

/** Whether the JSON of an answer names more headers than `MOST_HEADERS`. Quotes in names and values are escaped. */
function hasTooManyHeaders(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('":'); at >= 0 && count <= MOST_HEADERS; at = text.indexOf('":', at + 2))
    if (text[at - 1] !== '\\') count += 1;
  return count > MOST_HEADERS;
}

/** The largest JSON of a record, in bytes. Longer records are cut, because thousands of records are kept. */
const MAX_RECORD = 64 * 1024;
/** The largest JSON that is parsed for a record, in bytes. The server answers nobody while it parses. */
const MAX_PARSED = 4 * 1024 ** 2;

/** An `L` frame, masked. A record that is too long keeps the beginning of its message, and no extra fields. */
export function parseLog(payload: Buffer, { mask, maskRecord }: { mask: TextMask; maskRecord: RecordMask }): WorkerLog {
  const { task, trace, ...rest } =
    payload.length > MAX_PARSED ? beginOf(payload) : logSchema.parse(JSON.parse(payload.toString()));
  const record: WorkerLog = { ...rest, task: task ?? null, trace: trace ?? null, stream: 'log' };
  if (payload.length <= MAX_RECORD) return maskRecord(record);
  return {
    ...record,
    message: `${maskedStart(record.message, MAX_RECORD / 4, mask)}... (cut: the record was too long)`,
    with: {},
  };
}

/** What can be read of a record without parsing all of it. */
function beginOf(payload: Buffer): z.infer<typeof logSchema> {
  const head = payload.toString('utf8', 0, MAX_RECORD);
  // An escape that is cut off at the end is left out.
  const [, message = ''] = /"message": ?"((?:[^"\\]|\\u[0-9a-f]{4}|\\[^u])*)/i.exec(head) ?? [];
  const [, level] = /"level": ?"(\w+)"/.exec(head) ?? [];
  return {
    level: logLevelSchema.catch('warn').parse(level),
    message: JSON.parse(`"${message}"`),
    with: {},
    time: Date.now(),
  };
}

/** The largest `T` frame, in bytes. Dispatchers send 100 records at a time. */
const MAX_TRACES = 1024 ** 2;

/** A `T` frame. @throws Error for one that breaks the protocol */
export function parseTraces(payload: Buffer): CallRecord[] {
  if (payload.length > MAX_TRACES) throw new Error('a worker sent more than 1 MiB of trace records in one frame');
  return traceBatchSchema.parse(JSON.parse(payload.toString()));
}

/** An `F` frame. */
export type WorkerFailure = z.infer<typeof failureSchema>;

export function parseFailure(payload: Buffer): WorkerFailure {
  return failureSchema.parse(JSON.parse(payload.toString()));
}

/** The error of the deploy. Its cause is the traceback. */
export function startFailure({ message, traceback, task, file, line, keys }: WorkerFailure): FusionizerError {
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  const who = task ? `Task '${task}' cannot start: ` : 'The function cannot start: ';
  return new FusionizerError('task', `${who}${place}${message}`, {
    file: file ?? undefined,
    line: line ?? undefined,
    keys: keys ?? undefined,
    cause: new Error(traceback),
  });
}
