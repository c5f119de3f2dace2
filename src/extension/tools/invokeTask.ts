import { type LanguageModelTool, l10n, MarkdownString } from 'vscode';
import { isJson } from '../../client/payload/jsonText.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { signalOf, textResult } from './result.ts';
import { answerForModel } from './texts.ts';

interface Input {
  readonly task: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export const invokeTaskTool = ({ server }: Services): LanguageModelTool<Input> => ({
  prepareInvocation: ({ input: { task, method = 'POST', path = '/', body } }) => {
    const message = new MarkdownString(
      `${l10n.t('Send this event to the Nuclio Task {0}?', task)}\n\n`,
    ).appendCodeblock(`${method} ${path}\n\n${body ?? ''}`.trim(), 'http');
    return {
      invocationMessage: l10n.t('Invoking {0}', task),
      confirmationMessages: { title: l10n.t('Invoke Nuclio Task'), message },
    };
  },
  invoke: async ({ input: { task, method, path, body, headers } }, token) => {
    const client = await server.client();
    const type = body !== undefined && isJson(body) ? { 'Content-Type': 'application/json' } : {};
    const seconds = setting('invoke.timeout');
    const limits = [signalOf(token), ...(seconds > 0 ? [AbortSignal.timeout(seconds * 1000)] : [])];
    return textResult(
      answerForModel(
        await client.invoke(task, {
          method,
          path,
          body,
          headers: { ...type, ...headers },
          signal: AbortSignal.any(limits),
        }),
      ),
    );
  },
});
