import { readFile } from 'node:fs/promises';
import { workspace } from 'vscode';

/** A file's text as the editors show it, saved or not. */
export async function readText(file: string): Promise<string> {
  const open = workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  return open?.getText() ?? (await readFile(file, 'utf8'));
}
