import { type LogOutputChannel, l10n } from 'vscode';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { type Prepared, requestKey } from '../../client/payload/toInvocation.ts';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { formatDuration } from '../../shared/format.ts';
import { shortened } from '../../shared/groupName.ts';
import { announce } from '../announce.ts';
import { DismissedError } from '../errors.ts';
import type { ServerConnection } from '../server/serverConnection.ts';
import { setting } from '../settings.ts';
import { withSlowProgress } from '../slowProgress.ts';
import { type Answer, answerSummary, answerTitle, type Sent } from './answer.ts';
import { followDetails } from './answerDetails.ts';
import type { Answers } from './answers.ts';
import type { PayloadSource, RecentCalls } from './recentCalls.ts';
import { unansweredSummary } from './unanswered.ts';

export interface SenderParts {
  readonly server: ServerConnection;
  readonly log: LogOutputChannel;
  readonly answers: Answers;
  readonly recent: RecentCalls;
}

interface ToSend {
  readonly task: string;
  readonly source: PayloadSource;
  readonly prepared: Prepared;
}

/** Milliseconds until a notification appears. Most invocations end before one could be read. */
const SLOW = 1000;
/** Milliseconds that the status bar shows an answer for. */
const SHOWN = 10_000;

/** What the status bar of a window of 800 pixels shows whole: `checkout: 200 OK · 12 ms`. */
const shortAnswer = (answer: Answer): string => `${shortened(answer.task, 14)}: ${answerTitle(answer, 16)}`;

/**
 * Sends an event to a Task, and shows and returns the answer. The wait can be cancelled.
 * @param begin notes that the invocation runs; what it returns is called at the end
 * @throws what `Invoker.send` does
 */
export async function sendEvent(
  parts: SenderParts,
  { task, source, prepared }: ToSend,
  begin: (sent: Sent, abort: AbortController) => () => void,
): Promise<Answer> {
  const { server, log, answers, recent } = parts;
  const client = await server.client();
  const abort = new AbortController();
  const { method, path } = prepared;
  const sent: Sent = { task, source, request: requestKey(prepared), method, path };
  const end = begin(sent, abort);
  try {
    // Noted before the answer: what is cancelled, or fails, can be repeated too.
    const call = { source, method, path, request: sent.request };
    await recent.add(task, { ...call, status: null, duration: 0, at: Date.now() });
    const answer = await ask(parts, client, sent, prepared, abort);
    const { status, duration, at } = answer;
    note(log, task, prepared, `${status}, ${formatDuration(duration)}, trace ${answer.trace}`);
    // Not everyone has code lenses switched on, which show the same.
    const icon = status < 400 ? '$(pass)' : '$(error)';
    announce(`${icon} ${task}: ${answerSummary(answer)}`, SHOWN, `${icon} ${shortAnswer(answer)}`);
    await recent.add(task, { ...call, status, duration, at });
    await answers.add(answer);
    // Not awaited: calls and logs come a moment later than the answer.
    follow(answers, client, answer).catch((error: unknown) => log.debug(`${task}: ${messageOf(error)}`));
    return answer;
  } finally {
    end();
  }
}

async function ask(
  { log, answers }: SenderParts,
  client: FusionizerClient,
  sent: Sent,
  prepared: Prepared,
  abort: AbortController,
): Promise<Answer> {
  const { task } = sent;
  const seconds = setting('invoke.timeout');
  const timer =
    seconds > 0
      ? setTimeout(() => abort.abort(timeout(task, seconds)), Math.min(seconds * 1000, 2 ** 31 - 1))
      : undefined;
  const at = Date.now();
  const began = performance.now();
  try {
    const { status, statusText, headers, body, trace } = await withSlowProgress(
      l10n.t('Waiting for the answer of {0}', task),
      SLOW,
      abort,
      () => client.invoke(task, { ...prepared, ...bodyOf(prepared), signal: abort.signal }),
    );
    return {
      ...sent,
      status,
      statusText,
      headers,
      body,
      trace,
      at,
      duration: performance.now() - began,
      details: undefined,
    };
  } catch (thrown) {
    // An abort while the body is read comes as an error of the stream.
    const error: unknown = abort.signal.aborted ? abort.signal.reason : thrown;
    const why = error instanceof DismissedError ? undefined : messageOf(error);
    const duration = performance.now() - began;
    note(log, task, prepared, `${why === undefined ? 'cancelled' : 'no answer'}, ${formatDuration(duration)}`);
    const unanswered = { ...sent, duration, error: why };
    announce(`${task}: ${unansweredSummary(unanswered)}`, SHOWN);
    await answers.addUnanswered(unanswered);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function note(log: LogOutputChannel, task: string, { method, path, body }: Prepared, end: string): void {
  log.info(`${task}: ${method} ${path} (${body.length} B) -> ${end}`);
}

async function follow(answers: Answers, client: FusionizerClient, answer: Answer): Promise<void> {
  for await (const details of followDetails(client, answer.task, answer.trace)) answers.addDetails(answer, details);
}

/** An empty payload is sent without a body, which differs from an empty body. */
const bodyOf = ({ body }: Prepared): { body: Buffer | undefined } => ({ body: body.length > 0 ? body : undefined });

function timeout(task: string, seconds: number): FusionizerError {
  const message = l10n.t(
    '{0} did not answer within {1} s (fusionizer.invoke.timeout). Its handler may still be running: see its logs.',
    task,
    seconds,
  );
  return new FusionizerError('no-answer', message);
}
