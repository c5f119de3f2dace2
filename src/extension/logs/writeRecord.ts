import type { LogOutputChannel } from 'vscode';
import type { LogRecord } from '../../shared/api.ts';
import { recordText } from './recordLine.ts';

/** Writes a record of the server to its channel, which adds the time of writing: records are written as they come. */
export function writeRecord(channel: LogOutputChannel, record: LogRecord): void {
  channel[record.level](recordText(record));
}
