import { l10n, Uri, workspace } from 'vscode';
import type { TaskFolder } from '../setup/rows.ts';
import { ConfigDiagnostic } from './configDiagnostics.ts';
import { readText } from './configFiles.ts';
import { type NameMark, nameMarks } from './nameMarks.ts';

/** The warnings about names that several Tasks have, by file. */
export async function nameWarnings(folders: readonly TaskFolder[]): Promise<[Uri, ConfigDiagnostic[]][]> {
  const marks = await nameMarks(folders, (file) => readText(file).catch(() => undefined));
  return marks.map((mark) => [Uri.file(mark.file), [diagnosticOf(mark)]]);
}

function diagnosticOf({ name, line, from, to, isUnwritten, others, fix }: NameMark): ConfigDiagnostic {
  const shown = others.map(({ path }) => workspace.asRelativePath(path)).join(', ');
  const message =
    others.length === 1
      ? l10n.t('{0} has the name {1}, too: to deploy both, write another metadata.name in one of them.', shown, name)
      : l10n.t('{0} have the name {1}, too: to deploy all, write a metadata.name of its own in each.', shown, name);
  const own = isUnwritten ? l10n.t('Here it is the name of the folder.') : '';
  return new ConfigDiagnostic({
    code: 'name-twice',
    severity: 'warning',
    message: `${message} ${own}`.trim(),
    line,
    from,
    to,
    fixes: fix === undefined ? [] : [fix],
  });
}
