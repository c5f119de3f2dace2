import { Disposable, languages, type TextDocument, workspace } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { marksIn } from './configDiagnostics.ts';
import { isConfig } from './configFiles.ts';
import { provideFixes } from './quickFixes.ts';

/** Milliseconds without a change before the names are compared. */
const QUIET = 250;

/** Warns in each configuration of the workspace whose name another one has as well, whether it is open or not. */
export function registerNameDiagnostics({ context, model, folders, log }: Services): void {
  const collection = languages.createDiagnosticCollection('fusionizer-names');
  let timer: NodeJS.Timeout | undefined;
  let newest = 0;
  /** The names and folders that were compared last. */
  let known = '';
  const update = async (): Promise<void> => {
    newest += 1;
    const run = newest;
    const { nameWarnings } = await import('./nameWarnings.ts');
    const warnings = await nameWarnings(model.folders);
    if (run !== newest) return;
    collection.clear();
    collection.set(warnings);
  };
  const report = (error: unknown): void => log.error(messageOf(error));
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void update().catch(report), QUIET);
  };
  const opened = (document: Pick<TextDocument, 'uri'>): void => {
    if (isConfig(document)) folders.ready().catch(report);
  };
  workspace.textDocuments.forEach(opened);
  context.subscriptions.push(
    collection,
    provideFixes((uri) => marksIn(collection, uri)),
    new Disposable(() => clearTimeout(timer)),
    new Disposable(
      model.onChange(() => {
        const now = model.folders.map(({ name, path }) => `${name} ${path}`).join('\n');
        if (now !== known) soon();
        known = now;
      }),
    ),
    workspace.onDidOpenTextDocument(opened),
    workspace.onDidChangeTextDocument(({ document }) => collection.has(document.uri) && soon()),
  );
}
