import { ClientError } from '../../src/client/errors.ts';
import { nodeTask } from './tasks.ts';

/** Answers with what it got, and how often it was called. */
export const COUNTS = nodeTask(`let count = 0;
exports.handler = (context, event) => {
  count += 1;
  const { method, path } = event;
  const body = { method, path, text: event.body.toString(), own: event.headers['X-Own'], count };
  context.callback(new context.Response(body, { 'X-Answer': 'yes' }, 'application/json', 201));
};`);

/** For `assert.rejects`: an error of the server. */
export const isCode =
  (code: string, pattern: RegExp) =>
  (error: unknown): boolean =>
    error instanceof ClientError && error.code === code && pattern.test(error.message);
