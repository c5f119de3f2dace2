import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const [folder] = vscode.workspace.workspaceFolders ?? [];

/** A file or folder of the copy of examples/ that the window has open. */
export const inFolder = (...names: string[]): vscode.Uri =>
  vscode.Uri.joinPath(folder?.uri ?? assert.fail('no folder is open'), ...names);

/** Waits until a function returns a result. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | PromiseLike<T | undefined | false>,
): Promise<T> {
  for (let left = 400; left > 0; left -= 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`waited in vain: ${what}`);
}

/** Writes files below the open folder; folders are made. */
export async function writeFiles(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files))
    await vscode.workspace.fs.writeFile(inFolder(name), Buffer.from(text));
}

/** Sets a setting of the extension for the user; undefined takes it back. */
export async function setSetting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('fusionizer').update(name, value, vscode.ConfigurationTarget.Global);
}
