import { languages } from 'vscode';
import { ANSWER_SCHEME } from '../invoke/answerUri.ts';
import type { Services } from '../services.ts';

/**
 * Makes links of the places in code and the traces that answers and logs name. VS Code itself finds only the file in a
 * traceback of Python, and nothing in answers.
 */
export function registerCodeLinks({ context }: Services): void {
  const selector = [{ scheme: ANSWER_SCHEME }, { scheme: 'output', language: 'log' }];
  const provider = languages.registerDocumentLinkProvider(selector, {
    provideDocumentLinks: async (document) => {
      const { linksIn } = await import('./linksIn.ts');
      return linksIn(document);
    },
  });
  context.subscriptions.push(provider);
}
