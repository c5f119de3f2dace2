import { DocumentLink, l10n, Range, type TextDocument, Uri } from 'vscode';
import { commandUri } from '../ownCommands.ts';
import { findCodePlaces } from './codePlaces.ts';
import { findTraceIds } from './traceIds.ts';

/** A link for each place in code and each trace that a document names. */
export function linksIn(document: TextDocument): DocumentLink[] {
  const text = document.getText();
  const link = ({ start, end }: { start: number; end: number }, target: Uri, tooltip: string): DocumentLink => {
    const made = new DocumentLink(new Range(document.positionAt(start), document.positionAt(end)), target);
    made.tooltip = tooltip;
    return made;
  };
  return [
    ...findCodePlaces(text).map((place) =>
      link(place, Uri.file(place.file).with({ fragment: `L${place.line}` }), l10n.t('Go to line {0}', place.line)),
    ),
    ...findTraceIds(text).map((place) =>
      link(place, commandUri('fusionizer.trace.open', { trace: place.id }), l10n.t('Open the trace')),
    ),
  ];
}
