import type { LogRecord } from '../shared/api.ts';
import { HEAD, replaceForms } from './replaceForms.ts';
import { formsOf } from './secretForms.ts';

/** The text that replaces a secret. */
const MASK = '***';
/** The longest user and password in an address that are found in a text that is cut, in characters. */
const ADDRESS_REACH = 1024;
/**
 * Extra fields of a record that are nested deeper than this are left out. Nobody reads them, and their nesting has no
 * bound.
 */
const MAX_DEPTH = 20;

/**
 * `user:password@` in an address, as used for package indexes with accounts. A password that is not encoded may hold
 * `@`, `/` and `:`. It therefore ends at the last `@` before a space, a quote or the next address. Digits before a `/`
 * are a port.
 */
const PASSWORD = String.raw`(?!\[)[^\s/:?#"'\`<>]*:(?!\d{1,5}[/?#])(?:(?!:\/\/)[^\s"'\`<>])+@`;
/** A name alone. In http it is a token (`https://ghp_...@host`), elsewhere a login name as in `ssh://git@host`. */
const TOKEN = String.raw`(?<=https?:\/\/)[^\s/?#"'\`<>]+@`;
const USER_INFO = new RegExp(String.raw`:\/\/(?:${PASSWORD}|${TOKEN})`, 'gi');

export interface TextMask {
  /** Replaces every occurrence of the secrets, in any of their spellings, and all passwords in addresses. */
  (text: string): string;
  /** The longest secret, in characters: this much of the end of a cut text may be the beginning of a secret. */
  readonly reach: number;
}

export type RecordMask = <R extends Pick<LogRecord, 'message' | 'with'>>(record: R) => R;

/** Makes the mask for these secrets. Making it is slow, using it is fast. */
export function textMask(secrets: Iterable<string>): TextMask {
  const forms = [...new Set(secrets)].filter(isLong).flatMap((secret) => [...formsOf(secret)].filter(isLong));
  const replace = replaceForms(forms, MASK);
  const mask = (text: string): string => {
    const masked = replace(text);
    return masked.includes('@') ? masked.replace(USER_INFO, `://${MASK}@`) : masked;
  };
  return Object.assign(mask, { reach: forms.reduce((longest, form) => Math.max(longest, form.length), ADDRESS_REACH) });
}

/**
 * @returns the masked beginning of a text: `length` characters, or fewer if it contained secrets. It does not end with
 *   a part of a secret.
 */
export function maskedStart(text: string, length: number, mask: TextMask): string {
  const known = length + mask.reach;
  if (text.length <= known) return mask(text).slice(0, length);
  // The text may be very long, so only its beginning is masked. The end of that may be a part of a secret.
  return mask(text.slice(0, known)).slice(0, -mask.reach);
}

/**
 * Makes the mask for log records. It masks the message and, at any depth, the extra fields and their keys. A record
 * without a secret is returned unchanged.
 */
export function recordMask(secrets: Iterable<string> | TextMask): RecordMask {
  const mask = typeof secrets === 'function' ? secrets : textMask(secrets);
  return (record) => {
    const message = mask(record.message);
    const extra = maskValue(record.with, mask, 0);
    return message === record.message && extra === record.with
      ? record
      : { ...record, message, with: extra as Record<string, unknown> };
  };
}

/** @returns the same value if nothing in it had to be masked */
function maskValue(value: unknown, mask: TextMask, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth === MAX_DEPTH) return '...';
  if (Array.isArray(value)) {
    const items = value.map((item) => maskValue(item, mask, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value);
  const masked = entries.map(([key, inner]) => [mask(key), maskValue(inner, mask, depth + 1)] as const);
  return masked.every(([key, inner], index) => key === entries[index]?.[0] && inner === entries[index]?.[1])
    ? value
    : Object.fromEntries(masked);
}

/** Shorter values are not masked: they would mask half of every line, and protect nothing. */
function isLong(text: string): boolean {
  return text.length >= HEAD;
}
