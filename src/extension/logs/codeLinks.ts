import { DocumentLink, l10n, languages, Range, Uri } from 'vscode';
import { ANSWER_SCHEME } from '../invoke/answerUri.ts';
import type { Services } from '../services.ts';
import { findCodePlaces } from './codePlaces.ts';

/**
 * Makes links of the places in code that answers and logs name. VS Code itself finds only the file in a traceback of
 * Python, and nothing in answers.
 */
export function registerCodeLinks({ context }: Services): void {
  const selector = [{ scheme: ANSWER_SCHEME }, { scheme: 'output', language: 'log' }];
  const provider = languages.registerDocumentLinkProvider(selector, {
    provideDocumentLinks: (document) =>
      findCodePlaces(document.getText()).map(({ start, end, file, line }) => {
        const range = new Range(document.positionAt(start), document.positionAt(end));
        const link = new DocumentLink(range, Uri.file(file).with({ fragment: `L${line}` }));
        link.tooltip = l10n.t('Go to line {0}', line);
        return link;
      }),
  });
  context.subscriptions.push(provider);
}
