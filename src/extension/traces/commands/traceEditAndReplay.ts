import { existsSync } from 'node:fs';
import path from 'node:path';
import { l10n, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { FusionizerError } from '../../../shared/errors.ts';
import { announce } from '../../announce.ts';
import { NoFolderError } from '../../errors.ts';
import { payloadsOf } from '../../invoke/payloads.ts';
import type { ExtensionCommand } from '../../services.ts';
import { invocationFor, recordedRequestOf } from '../invocationFor.ts';
import { recordedPayload } from '../recordedPayload.ts';

/**
 * Opens the recorded request of an invocation as a payload document. It becomes a file when it is sent or saved, so a
 * look at it leaves nothing behind.
 */
export const traceEditAndReplay: ExtensionCommand = async (services, argument) => {
  const record = await invocationFor(services, argument, l10n.t('Edit and Replay'));
  const { ending, content, notes } = recordedPayload(await recordedRequestOf(services, record));
  const { callee } = record;
  if (ending === '.bin')
    throw new FusionizerError(
      'malformed',
      l10n.t('The request of {0} has bytes that are no text. Save as Payload keeps them.', callee),
    );
  const folder = payloadsOf(services, callee);
  if (folder === undefined) throw new NoFolderError();
  const uri = Uri.file(freeFile(folder, ending)).with({ scheme: 'untitled' });
  const document = await workspace.openTextDocument(uri);
  const edit = new WorkspaceEdit();
  edit.insert(uri, document.positionAt(0), content.toString());
  await workspace.applyEdit(edit);
  await window.showTextDocument(document, { preview: false });
  announce(`$(info) ${l10n.t('Edit the request, then send it: Ctrl+Enter, or Send above it')}`, 15_000);
  if (notes.length > 0) void window.showWarningMessage(notes.join(' '));
};

/** `replay.json`, or `replay-2.json` beside it. */
function freeFile(folder: string, ending: string): string {
  const taken = new Set(workspace.textDocuments.map(({ uri }) => uri.fsPath));
  for (let count = 1; ; count += 1) {
    const file = path.join(folder, `replay${count === 1 ? '' : `-${count}`}${ending}`);
    if (!taken.has(file) && !existsSync(file)) return file;
  }
}
