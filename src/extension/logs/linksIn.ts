import { DocumentLink, l10n, Range, type TextDocument, Uri } from 'vscode';
import { findCodePlaces } from './codePlaces.ts';

/** A link for each place in code that a document names. */
export function linksIn(document: TextDocument): DocumentLink[] {
  return findCodePlaces(document.getText()).map(({ start, end, file, line }) => {
    const range = new Range(document.positionAt(start), document.positionAt(end));
    const link = new DocumentLink(range, Uri.file(file).with({ fragment: `L${line}` }));
    link.tooltip = l10n.t('Go to line {0}', line);
    return link;
  });
}
