import type { LogOutputChannel } from 'vscode';
import type { LogRecord } from '../../shared/api.ts';

/** Writes a record of the server to its channel, which adds the time of writing: records are written as they come. */
export function writeRecord(channel: LogOutputChannel, record: LogRecord): void {
  channel[record.level](recordText(record));
}

/** The message with its fields. */
export function recordText({ message, with: fields, stream }: LogRecord): string {
  const extra = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${stream === 'stderr' ? '[stderr] ' : ''}${message.trimEnd()}${extra.join('')}`;
}
