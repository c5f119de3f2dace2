import path from 'node:path';
import type { TextDocument } from 'vscode';

/** Whether a document is a Task's configuration on disk. */
export function isConfig({ uri }: Pick<TextDocument, 'uri'>): boolean {
  return uri.scheme === 'file' && /^function\.ya?ml$/.test(path.basename(uri.fsPath));
}
