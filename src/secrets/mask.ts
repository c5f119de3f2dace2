import type { LogRecord } from '../shared/api.ts';
import { HEAD, replaceForms } from './replaceForms.ts';
import { formsOf } from './secretForms.ts';

/** What stands in place of a secret. */
const MASK = '***';
/** Of an address's user and password that are found although the text is cut, in characters. */
const ADDRESS_REACH = 1024;
/**
 * Extra fields of a record that are nested deeper are left out: nobody reads them, and they could be nested without
 * end.
 */
const MAX_DEPTH = 20;

/**
 * `user:password@` in an address, as package indexes with accounts have it. A password may hold `@`, `/` and `:` when
 * it was not encoded, so it goes on to the last `@` before a space, a quote or the next address. Digits before a `/`
 * are a port.
 */
const PASSWORD = String.raw`(?!\[)[^\s/:?#"'\`<>]*:(?!\d{1,5}[/?#])(?:(?!:\/\/)[^\s"'\`<>])+@`;
/** A name alone: of http it is a token (`https://ghp_...@host`), elsewhere a login as in `ssh://git@host`. */
const TOKEN = String.raw`(?<=https?:\/\/)[^\s/?#"'\`<>]+@`;
const USER_INFO = new RegExp(String.raw`:\/\/(?:${PASSWORD}|${TOKEN})`, 'gi');

export interface TextMask {
  /** Replaces every occurrence of the secrets, in any spelling, and passwords in addresses. */
  (text: string): string;
  /** How long what is masked may be, in characters. So much of a text's end may be the beginning of a secret. */
  readonly reach: number;
}

export type RecordMask = <R extends Pick<LogRecord, 'message' | 'with'>>(record: R) => R;

/** Makes the mask of these secrets. It is slow to make and fast to use. */
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
 * @returns the beginning of a text, masked: of `length` characters, or of less where secrets were in it. No part of a
 *   secret stands at the cut.
 */
export function maskedStart(text: string, length: number, mask: TextMask): string {
  const known = length + mask.reach;
  if (text.length <= known) return mask(text).slice(0, length);
  // Not all of it is looked at: it may be very long. So the end may be a part of a secret.
  return mask(text.slice(0, known)).slice(0, -mask.reach);
}

/**
 * Makes the mask of log records: message and extra fields with their keys, however deep. A record without a secret is
 * passed on as it is.
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

/** @returns the value itself where nothing in it is masked */
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

/** Shorter values are no secrets, and would mask half of every line. */
function isLong(text: string): boolean {
  return text.length >= HEAD;
}
