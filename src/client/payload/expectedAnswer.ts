import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { FusionizerError, messageOf } from '../../shared/errors.ts';

/**
 * The answer that a payload is expected to get, in `<name>.expected.json` beside it:
 *
 *     {"status": 200, "headers": {"content-type": "application/json"}, "body": {"total": 3}, "ignore": ["body.time"]}
 *
 * Headers that it does not name do not matter. A body is JSON, or text that is no JSON in `text`, or bytes that are no
 * text in `base64`. Without any of them, it does not matter.
 */
const schema = z
  .strictObject({
    status: z.int().min(100).max(599).default(200),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown(),
    text: z.string().optional(),
    base64: z.base64().optional(),
    ignore: z.array(z.string().min(1)).default([]),
  })
  .partial({ body: true });
export type ExpectedAnswer = z.infer<typeof schema>;

/** An answer, as far as it is compared. */
export interface ComparedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** A part of an answer that is not as expected. Undefined: it is not there. */
export interface Difference {
  /** `status`, `headers.content-type`, `body.items.0.id` */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** @throws FusionizerError `malformed`, with the file and what is wrong in it */
export function parseExpected(text: string, file: string): ExpectedAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FusionizerError('malformed', `${file} is not valid JSON: ${messageOf(cause)}`, { file, cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const bodies = ['body', 'text', 'base64'].filter((key) => Object.hasOwn(Object(value), key));
    if (bodies.length < 2) return parsed.data;
    throw new FusionizerError('malformed', `${file}: ${bodies.join(' and ')} are both the body: keep one of them`, {
      file,
    });
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new FusionizerError('malformed', `${file}: ${where}${issue?.message}`, { file });
}

/** What an answer would be expected as. Of its headers, the content type counts. */
export function expectedOf({ status, headers, body }: ComparedAnswer, ignore: readonly string[] = []): string {
  const type = headerText(headers['content-type']);
  const whole = {
    status,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...bodyOf(body),
    ...(ignore.length === 0 ? {} : { ignore }),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function bodyOf(body: Buffer): { body: unknown } | { text: string } | { base64: string } {
  if (!isUtf8(body)) return { base64: body.toString('base64') };
  const text = body.toString();
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** How an answer differs from the expected one; empty if it does not. */
export function compareAnswer(expected: ExpectedAnswer, actual: ComparedAnswer): Difference[] {
  const differences: Difference[] = [];
  if (expected.status !== actual.status)
    differences.push({ path: 'status', expected: expected.status, actual: actual.status });
  for (const [name, value] of Object.entries(expected.headers)) {
    const found = headerText(actual.headers[name.toLowerCase()]);
    if (found !== value) differences.push({ path: `headers.${name.toLowerCase()}`, expected: value, actual: found });
  }
  const found = bodyOf(actual.body);
  const isText = 'text' in expected && expected.text !== undefined;
  if (isText || expected.base64 !== undefined) {
    const now = expected.base64 === undefined ? actual.body.toString() : actual.body.toString('base64');
    const then = expected.base64 ?? expected.text;
    if (now !== then) differences.push({ path: 'body', expected: then, actual: now });
  } else if (Object.hasOwn(expected, 'body'))
    differences.push(...differencesOf('body', expected.body, 'body' in found ? found.body : actual.body.toString()));
  const ignored = expected.ignore.map(patternOf);
  return differences.filter(({ path }) => !ignored.some((pattern) => pattern.test(path)));
}

const headerText = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' || value === undefined ? value : value.join(', ');

/** `body.items.*.id`: `*` stands for any key. What is below an ignored part is ignored as well. */
function patternOf(path: string): RegExp {
  const parts = path.split('.').map((part) => (part === '*' ? '[^.]+' : escaped(part)));
  return new RegExp(`^${parts.join('\\.')}(\\.|$)`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function differencesOf(path: string, expected: unknown, actual: unknown): Difference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  const isAlike =
    typeof expected === 'object' &&
    typeof actual === 'object' &&
    expected !== null &&
    actual !== null &&
    Array.isArray(expected) === Array.isArray(actual);
  if (!isAlike) return [{ path, expected, actual }];
  const [one, other] = [new Map(Object.entries(expected)), new Map(Object.entries(actual))];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
    differencesOf(`${path}.${key}`, one.get(key), other.get(key)),
  );
}
