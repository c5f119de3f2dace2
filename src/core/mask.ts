import type { LogRecord } from '../shared/api.ts';

/** What stands in place of a secret. */
const MASK = '***';
/** Shorter values are no secrets, and would mask half of every line. */
const SHORTEST = 6;
/** Names of variables whose values are secrets, whoever set them. */
const SECRET_NAME = /passw(or)?d|secret|token|credential|(api|access|private)_?key/i;
/** `//user:password@` in an address, as package indexes with accounts have it. */
const USER_INFO = /(:\/\/)[^\s/@:]*:[^\s/@]+@/g;
/** Extra fields of a record that are nested deeper are left out: nobody reads them, and they could be nested without end. */
const MAX_DEPTH = 20;

/** Whether a variable's name tells that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** @returns replaces every occurrence of these secrets, and passwords in addresses, in a text */
export function textMask(secrets: Iterable<string>): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const pattern = known.length === 0 ? undefined : new RegExp(known.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
  return (text) => {
    const masked = pattern === undefined ? text : text.replace(pattern, MASK);
    return masked.includes('@') ? masked.replace(USER_INFO, `$1${MASK}@`) : masked;
  };
}

/** The same for log records: message and extra fields, however deep. A record without a secret is passed on as it is. */
export function recordMask(secrets: Iterable<string>): <R extends Pick<LogRecord, 'message' | 'with'>>(record: R) => R {
  const mask = textMask(secrets);
  return (record) => {
    const message = mask(record.message);
    const extra = maskValue(record.with, mask, 0);
    return message === record.message && extra === record.with ? record : { ...record, message, with: extra as Record<string, unknown> };
  };
}

/** @returns the value itself where nothing in it is masked */
function maskValue(value: unknown, mask: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth === MAX_DEPTH) return '...';
  const entries = Object.entries(value).map(([key, inner]) => [key, inner, maskValue(inner, mask, depth + 1)] as const);
  if (entries.every(([, before, after]) => before === after)) return value;
  if (Array.isArray(value)) return entries.map(([, , after]) => after);
  return Object.fromEntries(entries.map(([key, , after]) => [key, after]));
}
