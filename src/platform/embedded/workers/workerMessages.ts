import * as z from 'zod';
import { maskedStart, type RecordMask, type TextMask } from '../../../secrets/mask.ts';
import { type LogLevel, logLevelSchema } from '../../../shared/api.ts';
import { FusionizerError } from '../../../shared/errors.ts';

/** The contents of workers' frames (docs/dispatcher.md, Worker process). */

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
});
const responseSchema = z.tuple([z.int().min(100).max(999), z.string(), named(isText)]);
export type ResponseMeta = z.infer<typeof responseSchema>;

/** Most answers repeat a few statuses and content types, so their JSON is parsed once. */
const metas = new Map<string, ResponseMeta>();
const MAX_METAS = 500;

/** The metadata of an `R` frame. */
export function parseMeta(text: string): ResponseMeta {
  const known = metas.get(text);
  if (known) return known;
  const meta = responseSchema.parse(JSON.parse(text));
  if (metas.size < MAX_METAS) metas.set(text, meta);
  return meta;
}

/** The largest JSON of a record, in bytes. Longer records are cut, because thousands of records are kept. */
const MAX_RECORD = 64 * 1024;

/** An `L` frame, masked. A record that is too long keeps the beginning of its message, and no extra fields. */
export function parseLog(payload: Buffer, { mask, maskRecord }: { mask: TextMask; maskRecord: RecordMask }): WorkerLog {
  const { task, trace, ...rest } = logSchema.parse(JSON.parse(payload.toString()));
  const record: WorkerLog = { ...rest, task: task ?? null, trace: trace ?? null, stream: 'log' };
  if (payload.length <= MAX_RECORD) return maskRecord(record);
  return {
    ...record,
    message: `${maskedStart(record.message, MAX_RECORD / 4, mask)}... (cut: the record was too long)`,
    with: {},
  };
}

/** An `F` frame. */
export type WorkerFailure = z.infer<typeof failureSchema>;

export function parseFailure(payload: Buffer): WorkerFailure {
  return failureSchema.parse(JSON.parse(payload.toString()));
}

/** The error of the deploy. Its cause is the traceback. */
export function startFailure({ message, traceback, task, file, line }: WorkerFailure): FusionizerError {
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  const who = task ? `Task '${task}' cannot start: ` : 'The function cannot start: ';
  return new FusionizerError('task', `${who}${place}${message}`, {
    file: file ?? undefined,
    line: line ?? undefined,
    cause: new Error(traceback),
  });
}
