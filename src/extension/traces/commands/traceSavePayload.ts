import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { l10n, window } from 'vscode';
import { isBinaryFile, isJsonFile, payloadName } from '../../../client/payload/payloadFile.ts';
import { DismissedError, NoFolderError } from '../../errors.ts';
import { openPayload, payloadsOf } from '../../invoke/payloads.ts';
import type { ExtensionCommand } from '../../services.ts';
import { invocationFor, recordedRequestOf } from '../invocationFor.ts';
import { recordedPayload } from '../recordedPayload.ts';

/** Saves the recorded request of an invocation as a payload document, and opens it. */
export const traceSavePayload: ExtensionCommand = async (services, argument) => {
  const title = l10n.t('Save as Payload');
  const record = await invocationFor(services, argument, title);
  const { ending, content, notes } = recordedPayload(await recordedRequestOf(services, record));
  const folder = payloadsOf(services, record.callee);
  if (folder === undefined) throw new NoFolderError();
  const typed = await window.showInputBox({
    title: l10n.t('Save as Payload of {0}', record.callee),
    prompt: l10n.t('Its name'),
    value: `recorded${ending}`,
    valueSelection: [0, 'recorded'.length],
    validateInput: (text) => {
      const name = nameOf(text, ending);
      if (name === undefined) return text === '' ? undefined : l10n.t('Use letters, digits, spaces, dots, - and _.');
      // The ending decides how the head is written, and bytes have none.
      return isJsonFile(name) === (ending === '.json') && isBinaryFile(name) === (ending === '.bin')
        ? undefined
        : l10n.t('The name has to end with {0}, as the request is read by it.', ending);
    },
  });
  const name = nameOf(typed ?? '', ending);
  if (name === undefined) throw new DismissedError();
  const file = path.join(folder, name);
  if (existsSync(file)) await confirmReplace(record.callee, name);
  await mkdir(folder, { recursive: true });
  await writeFile(file, content);
  await openPayload(file, true);
  if (notes.length > 0) void window.showWarningMessage(notes.join(' '));
};

/** The file name for a typed one, which may lack its ending. */
function nameOf(typed: string, ending: string): string | undefined {
  const name = typed.trim();
  return payloadName(name === '' || path.extname(name) !== '' ? name : `${name}${ending}`);
}

/** @throws DismissedError */
async function confirmReplace(task: string, name: string): Promise<void> {
  const replace = l10n.t('Replace');
  const question = l10n.t('Replace the payload {0} of {1}?', name, task);
  const detail = l10n.t('The recorded request takes its place.');
  if ((await window.showWarningMessage(question, { modal: true, detail }, replace)) !== replace)
    throw new DismissedError();
}
