import type { InvocationAnswer } from '../../client/fusionizerClient.ts';
import type { LogRecord } from '../../shared/api.ts';
import type { TaskRow } from '../setup/rows.ts';

/** The most characters of answers and logs, to save the model's context. */
const MOST = 20_000;

export function tasksForModel(rows: readonly TaskRow[]): string {
  return JSON.stringify(
    rows.map(({ name, state, folder, task, changed, error }) => ({
      name,
      state,
      folder: folder?.path,
      runtime: task?.runtime ?? folder?.runtime,
      changedSinceDeploy: task === undefined ? undefined : changed,
      fusedWith: task?.group.filter((other) => other !== name),
      calls: task?.calls,
      medianMilliseconds: task?.p50,
      address: task?.address,
      error,
    })),
  );
}

export function answerForModel({
  status,
  headers,
  body,
}: Pick<InvocationAnswer, 'status' | 'headers' | 'body'>): string {
  const type = String(headers['content-type'] ?? '');
  const text = body.toString('utf8');
  const readable = !text.includes('\uFFFD');
  return JSON.stringify({
    status,
    contentType: type,
    body: readable ? cut(text) : `${body.length} bytes that are not text`,
  });
}

export function logsForModel(records: readonly LogRecord[]): string {
  const lines = records.map(({ time, level, message, with: extra }) => {
    const more = Object.keys(extra).length > 0 ? ` ${JSON.stringify(extra)}` : '';
    return `${new Date(time).toISOString()} ${level} ${message}${more}`;
  });
  const text = lines.join('\n');
  // The newest lines matter most.
  return text === '' ? 'The Task has logged nothing.' : text.length > MOST ? `...${text.slice(-MOST)}` : text;
}

const cut = (text: string): string =>
  text.length > MOST ? `${text.slice(0, MOST)}... (${text.length} characters)` : text;
