import { l10n, window } from 'vscode';
import { parseSeconds } from '../../../shared/board/parseSeconds.ts';
import { readScheduleDocument } from '../../../shared/board/scheduleDocument.ts';

/** Asks for the second of an entry, in VS Code's own box: undo does not work in the fields of a page. */
export async function askSecond(
  { title, value }: { readonly title: string; readonly value: number },
  text: string,
): Promise<number | undefined> {
  const document = readScheduleDocument(text);
  const taken = new Set(document.isBroken ? [] : document.entries.map(({ second }) => second));
  const written = await window.showInputBox({
    title,
    prompt: l10n.t('Seconds after the start, such as 90, 1:30 or 2m'),
    value: String(value),
    validateInput: (input) => {
      const second = parseSeconds(input);
      if (second === undefined)
        return l10n.t('Write whole seconds from 0 to 999999999, or a time such as 1:30, 90s or 2m');
      return taken.has(second) && second !== value
        ? l10n.t('The schedule has an entry for second {0} already', second)
        : undefined;
    },
  });
  return written === undefined ? undefined : parseSeconds(written);
}

/** Asks for a Task. Any name can be written: the entry waits for a Task that is not there yet. */
export async function askTask({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly string[];
}): Promise<string | undefined> {
  return window.showQuickPick([...names], { title, placeHolder: l10n.t('Nuclio Task') });
}
