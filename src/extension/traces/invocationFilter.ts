import type { TraceOptions } from '../../client/clientOptions.ts';
import { formatDuration } from '../../shared/format.ts';

/** Which invocations the view shows. Without any field, all of them. */
export interface InvocationFilter {
  readonly task?: string | undefined;
  readonly status?: StatusFilter | undefined;
  /** The shortest duration, in milliseconds. */
  readonly min?: number | undefined;
}

/** `error`: no answer, or a status of 400 and above. */
export const STATUS_FILTERS = ['error', '2xx', '3xx', '4xx', '5xx'] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export const isFiltering = ({ task, status, min }: InvocationFilter): boolean =>
  task !== undefined || status !== undefined || min !== undefined;

/** `taska · 5xx · at least 250 ms`; empty without a filter. */
export function filterText({ task, status, min }: InvocationFilter): string {
  const parts = [task, status, min === undefined ? undefined : `at least ${formatDuration(min)}`];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** What the server is asked for: invocations from outside that fit. */
export const queryOf = ({ task, status, min }: InvocationFilter): TraceOptions => ({ outer: true, task, status, min });

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000 };

/** `250`, `250 ms` or `1.5s` in milliseconds; undefined for any other text. */
export function parseMilliseconds(text: string): number | undefined {
  const [, number, unit = 'ms'] = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s)?$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1);
}
