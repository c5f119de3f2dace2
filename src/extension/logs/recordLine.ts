import type { LogRecord } from '../../shared/api.ts';
import { recordText } from './writeRecord.ts';

/**
 * A log record as a line, with the time at which it was logged, in the form and the time zone of the editor's own logs.
 * @param shown `task`: whether the line names the Task
 */
export function recordLine(record: LogRecord, shown: { readonly task: boolean }): string {
  const task = shown.task ? `${record.task ?? record.function ?? ''}: ` : '';
  return `${timeOf(record.time)} [${LEVELS[record.level]}] ${task}${recordText(record)}`;
}

/** As the editor's own logs write them, which it colours. */
const LEVELS: Record<LogRecord['level'], string> = { debug: 'debug', info: 'info', warn: 'warning', error: 'error' };

/** `2026-01-31 23:59:59.999`. @param time Unix milliseconds */
function timeOf(time: number): string {
  const at = new Date(time);
  const local = new Date(time - at.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}
