import { readFile } from 'node:fs/promises';
import { workspace } from 'vscode';

/**
 * A file's text as the editors show it, saved or not. What has no unsaved changes is read from the disk: a document hears late of what others write.
 * @throws what the file cannot be read with, where no editor has it
 */
export async function readText(file: string): Promise<string> {
  const open = workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  if (open?.isDirty) return open.getText();
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (open === undefined) throw error;
    return open.getText();
  }
}
