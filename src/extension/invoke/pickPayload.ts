import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { l10n, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import { formatDuration } from '../../shared/format.ts';
import { DismissedError } from '../errors.ts';
import { sourceName } from './payloads.ts';
import type { PayloadSource, RecentCall } from './recentCalls.ts';

/** The user's choice: send a payload, open it first, write a new one, or choose a file. */
export type Choice = { readonly send: PayloadSource } | { readonly open: string } | 'new' | 'file';

/** A call with whether its file holds another request now. */
export interface ShownCall extends RecentCall {
  readonly isOther: boolean;
}

interface Row extends QuickPickItem {
  readonly choice?: Choice;
}

const EDIT: QuickInputButton = { iconPath: new ThemeIcon('edit'), tooltip: l10n.t('Open to Edit') };

/**
 * Asks for the payload to invoke a Task with. The first row repeats the last call. A button on a payload document's row
 * opens it.
 * @param documents paths of the Task's payload documents
 * @param selection the selected text of the active editor
 * @throws DismissedError
 */
export async function pickPayload(
  task: string,
  documents: readonly string[],
  recent: readonly ShownCall[],
  selection: string,
): Promise<Choice> {
  const picker = window.createQuickPick<Row>();
  picker.title = l10n.t('Invoke {0}', task);
  picker.placeholder = l10n.t('The payload to send');
  picker.matchOnDescription = true;
  picker.items = rowsOf(documents, recent, selection);
  const choice = await new Promise<Choice | undefined>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.choice));
    picker.onDidTriggerItemButton(({ item }) => {
      const send = typeof item.choice === 'object' && 'send' in item.choice ? item.choice.send : undefined;
      resolve(send?.kind === 'document' ? { open: send.path } : undefined);
    });
    picker.onDidHide(() => resolve(undefined));
    picker.show();
  });
  picker.dispose();
  if (choice === undefined) throw new DismissedError();
  return choice;
}

function rowsOf(documents: readonly string[], recent: readonly ShownCall[], selection: string): Row[] {
  const [last] = recent;
  const calls = recent.map((call) => call.source);
  const at = (source: PayloadSource): number => calls.findIndex((one) => isDeepStrictEqual(one, source));
  // Documents that were sent before come first, then the others by name.
  const named = documents
    .map((file): PayloadSource => ({ kind: 'document', path: file }))
    .sort((one, other) => order(at(one)) - order(at(other)));
  const others = recent.slice(1).filter(({ source }) => source.kind !== 'document');
  const more: Row[] = [
    { label: `$(new-file) ${l10n.t('New Payload...')}`, choice: 'new' },
    { label: `$(file) ${l10n.t('File...')}`, choice: 'file' },
    { label: `$(circle-slash) ${l10n.t('No Payload')}`, description: 'POST /', choice: { send: { kind: 'empty' } } },
  ];
  if (selection !== '') {
    const source: PayloadSource = { kind: 'text', text: selection };
    more.unshift({
      label: `$(selection) ${l10n.t('Selected Text')}`,
      description: sourceName(source),
      choice: { send: source },
    });
  }
  return [
    ...(last ? [rowOf(last.source, last, `$(history) ${l10n.t('Repeat: {0}', sourceName(last.source))}`)] : []),
    ...section(
      l10n.t('payloads'),
      named.map((source) => rowOf(source, recent[at(source)])),
    ),
    ...section(
      l10n.t('recent'),
      others.map((call) => rowOf(call.source, call)),
    ),
    ...section(l10n.t('more'), more),
  ];
}

const order = (place: number): number => (place === -1 ? Number.MAX_SAFE_INTEGER : place);

const section = (label: string, rows: Row[]): Row[] =>
  rows.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...rows];

const ICONS: Record<PayloadSource['kind'], string> = {
  document: '$(json)',
  file: '$(file)',
  text: '$(selection)',
  empty: '$(circle-slash)',
};

function rowOf(
  source: PayloadSource,
  call: ShownCall | undefined,
  label = `${ICONS[source.kind]} ${sourceName(source)}`,
): Row {
  return {
    label,
    choice: { send: source },
    ...(call
      ? {
          description: call.isOther
            ? l10n.t('changed since its last call')
            : `${call.method} ${call.path} · ${endOf(call)}`,
        }
      : {}),
    ...(source.kind === 'file' ? { detail: path.dirname(source.path) } : {}),
    ...(source.kind === 'document' ? { buttons: [EDIT] } : {}),
  };
}

const endOf = ({ status, duration }: ShownCall): string =>
  status === null ? l10n.t('no answer') : `${status} · ${formatDuration(duration)}`;
