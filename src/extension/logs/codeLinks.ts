import { type Disposable, DocumentLink, l10n, languages, Range, Uri } from 'vscode';
import { ANSWER_SCHEME } from '../invoke/answers.ts';
import { findCodePlaces } from './codePlaces.ts';

/**
 * Links of the places in code that answers and logs name. Of itself, VS Code knows no more than the file in a traceback
 * of Python, and nothing in answers.
 */
export function registerCodeLinks(): Disposable {
  return languages.registerDocumentLinkProvider([{ scheme: ANSWER_SCHEME }, { scheme: 'output', language: 'log' }], {
    provideDocumentLinks: (document) =>
      findCodePlaces(document.getText()).map(({ start, end, file, line }) => {
        const range = new Range(document.positionAt(start), document.positionAt(end));
        const link = new DocumentLink(range, Uri.file(file).with({ fragment: `L${line}` }));
        link.tooltip = l10n.t('Go to line {0}', line);
        return link;
      }),
  });
}
