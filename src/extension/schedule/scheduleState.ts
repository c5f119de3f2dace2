import { isDeepStrictEqual } from 'node:util';
import type { ScheduleView } from '../../shared/scheduleApi.ts';

/** What the view and the status bar show of the schedule. It changes only when something happens, not by the second. */
export interface ScheduleState {
  readonly file: string | null;
  readonly isRunning: boolean;
  /** The second at which it is paused. */
  readonly second: number;
  readonly inForce: number | null;
  readonly next: number | null;
  /** When the next entry is due, in Unix milliseconds; undefined while the clock is paused. */
  readonly nextAt: number | undefined;
  readonly entries: number;
  readonly failed: ScheduleView['failed'];
  /** The fault of its file, because of which the entries before are in force. */
  readonly fault: string | undefined;
  /** Names in it that no Task has, deployed or not. */
  readonly unknown: readonly string[];
  /** The optimizer that decides instead of the schedule. */
  readonly optimizer: string | undefined;
}

/**
 * @param at when the view came, in Unix milliseconds
 * @param known the names of all Tasks, deployed or not
 * @returns undefined without a schedule
 */
export function scheduleStateOf(view: ScheduleView, at: number, known: ReadonlySet<string>): ScheduleState | undefined {
  const { file, entries, clock, inForce, next, failed, error, optimizer } = view;
  if (file === null && entries.length === 0) return undefined;
  const isRunning = clock.state === 'running';
  return {
    file,
    isRunning,
    second: Math.floor(clock.seconds),
    inForce,
    next,
    nextAt: isRunning && next !== null ? at + (next - clock.seconds) * 1000 : undefined,
    entries: entries.length,
    failed,
    // An entry that failed is an error of the view, too.
    fault: error === null || failed.some(({ reason }) => error.includes(reason)) ? undefined : error,
    unknown: [...new Set(entries.flatMap(({ setup }) => setup.flat()))].filter((name) => !known.has(name)),
    optimizer: optimizer.name === 'static' ? undefined : optimizer.name,
  };
}

/** Whether something happened. Between two looks at a running clock, only its second and the rounding differ. */
export function isSameState(one: ScheduleState | undefined, other: ScheduleState | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const still = ({ isRunning, second, nextAt, ...others }: ScheduleState) => ({
    ...others,
    isRunning,
    second: isRunning ? 0 : second,
    hasNext: nextAt !== undefined,
  });
  return isDeepStrictEqual(still(one), still(other)) && Math.abs((one.nextAt ?? 0) - (other.nextAt ?? 0)) < 500;
}

/** Identifies a failure, so that it is said once. */
export const failureKey = ({ second, reason }: ScheduleView['failed'][number]): string => `${second} ${reason}`;

/** How serious it is: the icon and the colour follow from it. */
export function severityOf({ failed, fault, unknown }: ScheduleState): 'error' | 'warning' | 'none' {
  if (failed.length > 0 || fault !== undefined) return 'error';
  return unknown.length > 0 ? 'warning' : 'none';
}
