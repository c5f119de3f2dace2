import { readFile } from 'node:fs/promises';
import { workspace } from 'vscode';

/**
 * A file's text as the editors show it, saved or not. Without unsaved changes it is read from the disk: a document
 * hears late of what others write.
 * @throws what the file cannot be read with
 */
export async function readText(file: string): Promise<string> {
  const unsaved = workspace.textDocuments.find(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'file' && uri.fsPath === file,
  );
  return unsaved?.getText() ?? (await readFile(file, 'utf8'));
}
