import type { LogOutputChannel } from 'vscode';
import type { LogRecord } from '../../shared/api.ts';

/** Milliseconds after which a record shows its own time. The channel shows the time of writing. */
const LATE = 2000;

/** Writes a log record to an output channel, at its own level. */
export function writeRecord(channel: LogOutputChannel, record: LogRecord): void {
  const late = Date.now() - record.time > LATE ? `(${new Date(record.time).toLocaleTimeString()}) ` : '';
  const fields = Object.entries(record.with).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  channel[record.level](
    `${late}${record.stream === 'stderr' ? '[stderr] ' : ''}${record.message.trimEnd()}${fields.join('')}`,
  );
}
