import {
  l10n,
  QuickInputButtons,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { TaskView } from '../../shared/api.ts';
import { DismissedError } from '../errors.ts';
import { conflictOf, outcomeOfFuse, type Piece, piecesFor } from './fusion.ts';
import { groupText, outcomeText } from './outcomeText.ts';

interface PieceItem extends QuickPickItem {
  readonly piece?: Piece;
}

type Tasks = readonly TaskView[];

/**
 * Asks for Tasks and groups to fuse. Only what can go together is offered, and the result is shown before it happens.
 * @param base what is fused with the picked ones; without it, it is asked for first
 * @returns the Tasks of the group to make
 * @throws DismissedError
 */
export async function pickFusion(tasks: Tasks, base: readonly string[] = []): Promise<string[]> {
  const pieces = piecesFor(tasks, base);
  if (pieces.length === 0 && outcomeOfFuse(tasks, base) === undefined) {
    void window.showInformationMessage(noneText(tasks, base));
    throw new DismissedError();
  }
  if (base.length > 0) return (await pickOthers(tasks, base, false)) ?? [];
  for (;;) {
    const first = await pickFirst(pieces);
    const names = await pickOthers(tasks, first, true);
    if (names) return names;
  }
}

async function pickFirst(pieces: readonly Piece[]): Promise<readonly string[]> {
  const list = window.createQuickPick<PieceItem>();
  list.title = l10n.t('Fuse Nuclio Tasks');
  list.step = 1;
  list.totalSteps = 2;
  list.placeholder = l10n.t('A Nuclio Task, or a Fusion Group with all of its Tasks');
  list.items = itemsOf(pieces);
  const accepted = await shown(list, () => list.selectedItems[0]?.piece?.names);
  if (accepted === 'back') throw new DismissedError();
  return accepted;
}

/** @returns undefined if the user goes back */
async function pickOthers(tasks: Tasks, base: readonly string[], canGoBack: boolean): Promise<string[] | undefined> {
  const list = window.createQuickPick<PieceItem>();
  list.canSelectMany = true;
  list.placeholder = l10n.t('Nuclio Tasks and groups to fuse {0} with', groupText(base));
  list.items = itemsOf(piecesFor(tasks, base));
  if (canGoBack) {
    list.step = 2;
    list.totalSteps = 2;
    list.buttons = [QuickInputButtons.Back];
  }
  const chosen = (): string[] => [
    ...new Set([...base, ...list.selectedItems.flatMap(({ piece }) => piece?.names ?? [])]),
  ];
  const show = (): void => {
    const conflict = conflictOf(tasks, chosen());
    const outcome = outcomeOfFuse(tasks, chosen());
    list.title = conflict
      ? l10n.t('{0} and {1} cannot run in one function', conflict[0].name, conflict[1].name)
      : l10n.t('Fuse {0}', outcome ? `${groupText(base)}: ${outcomeText(outcome)}` : groupText(base));
  };
  show();
  const listening = list.onDidChangeSelection(show);
  try {
    const accepted = await shown(list, () => {
      const names = chosen();
      return conflictOf(tasks, names) || !outcomeOfFuse(tasks, names) ? undefined : names;
    });
    return accepted === 'back' ? undefined : accepted;
  } finally {
    listening.dispose();
  }
}

/** @param accept the result; undefined keeps the list open. @throws DismissedError */
async function shown<T>(list: QuickPick<PieceItem>, accept: () => T | undefined): Promise<T | 'back'> {
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  try {
    return await new Promise<T | 'back'>((resolve, reject) => {
      list.onDidAccept(() => {
        const result = accept();
        if (result !== undefined) resolve(result);
      });
      list.onDidTriggerButton(() => resolve('back'));
      list.onDidHide(() => reject(new DismissedError()));
      list.show();
    });
  } finally {
    list.dispose();
  }
}

function itemsOf(pieces: readonly Piece[]): PieceItem[] {
  const part = (label: string, of: readonly Piece[]): PieceItem[] =>
    of.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...of.map(itemOf)];
  return [
    ...part(
      l10n.t('Fusion Groups'),
      pieces.filter(({ names }) => names.length > 1),
    ),
    ...part(
      l10n.t('Tasks'),
      pieces.filter(({ names }) => names.length === 1),
    ),
  ];
}

function itemOf(piece: Piece): PieceItem {
  const { names, within, runtime, outcome } = piece;
  return {
    piece,
    label: groupText(names),
    iconPath: new ThemeIcon(names.length > 1 ? 'layers-active' : 'circle-outline'),
    description: within ? l10n.t('{0} · in {1}', runtime, groupText(within)) : runtime,
    ...(outcome ? { detail: outcomeText(outcome) } : {}),
  };
}

function noneText(tasks: Tasks, base: readonly string[]): string {
  if (tasks.length < 2) return l10n.t('Fusing needs two deployed Nuclio Tasks.');
  if (tasks.every(({ group }) => group.length === tasks.length))
    return l10n.t('All Nuclio Tasks are in one Fusion Group already.');
  return base.length > 0
    ? l10n.t('No other Nuclio Task can run in one function with {0}: a function has one runtime.', groupText(base))
    : l10n.t('No two Nuclio Tasks can be fused: a function has one runtime.');
}
