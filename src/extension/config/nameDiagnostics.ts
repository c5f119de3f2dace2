import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  l10n,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { isConfig, readText } from './configFiles.ts';
import type { NameMark } from './nameMarks.ts';

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
    const { nameMarks } = await import('./nameMarks.ts');
    const marks = await nameMarks(model.folders, (file) => readText(file).catch(() => undefined));
    if (run !== newest) return;
    collection.clear();
    for (const mark of marks) collection.set(Uri.file(mark.file), [diagnosticOf(mark)]);
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

function diagnosticOf({ name, line, from, to, isUnwritten, others }: NameMark): Diagnostic {
  const shown = others.map(({ path }) => workspace.asRelativePath(path)).join(', ');
  const message = l10n.t(
    '{0} has the name {1}, too: to deploy both, write another metadata.name in one of them.',
    shown,
    name,
  );
  const own = isUnwritten ? l10n.t('Here it is the name of the folder.') : '';
  const diagnostic = new Diagnostic(
    new Range(line, from, line, to),
    `${message} ${own}`.trim(),
    DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'fusionizer';
  diagnostic.code = 'name-twice';
  return diagnostic;
}
