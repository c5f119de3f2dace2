import { readFile } from 'node:fs/promises';
import { type TextDocument, workspace } from 'vscode';
import { isConfigFile } from '../../task/yaml/configFile.ts';

/** Where a Task's configuration or handler may be. */
export const TASK_DOCUMENTS = [
  { scheme: 'file', pattern: '**/function.{yaml,yml}' },
  { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
];

/** Whether a document is a Task's configuration on disk. */
export function isConfig({ uri }: Pick<TextDocument, 'uri'>): boolean {
  return uri.scheme === 'file' && isConfigFile(uri.fsPath);
}

/** Whether a document may hold a Task's configuration: function.yaml, or a source file with an inline one. */
export function mayHoldConfig({ uri }: Pick<TextDocument, 'uri'>): boolean {
  return isConfig({ uri }) || (uri.scheme === 'file' && /\.(py|[cm]?js)$/.test(uri.fsPath));
}

/** Whether a text may have `@nuclio.configure` in it, which may have spaces in any place, or something like it. */
export const mayBeInline = (text: string): boolean =>
  /@ *n *u *c *l *i *o *\. *c/.test(text) || /nuclio *[.:_-]? *conf/i.test(text);

/**
 * A file's text as the editors show it, saved or not. Without unsaved changes the file is read: a document learns late
 * of what other programs write.
 * @throws what reading the file fails with
 */
export async function readText(file: string): Promise<string> {
  const unsaved = workspace.textDocuments.find(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'file' && uri.fsPath === file,
  );
  return unsaved?.getText() ?? (await readFile(file, 'utf8'));
}
