import { l10n, window, workspace } from 'vscode';

/** A deploy that would replace the Task of another folder. */
export interface OtherFolder {
  readonly name: string;
  /** Absolute: the folder, or the only file, that is deployed. */
  readonly folder: string;
  /** What the Task was deployed from, as its client wrote it. */
  readonly from: string;
  /** The Tasks that it is fused with, if the new one has another runtime: it cannot stay with them. */
  readonly leaves: readonly string[];
}

/** Asks whether a Task is replaced by that of another folder. Only a click on *Replace* does. */
export async function confirmReplace(all: readonly OtherFolder[]): Promise<boolean> {
  const [first, ...others] = all;
  if (first === undefined) return false;
  const replace = l10n.t('Replace');
  const keep = l10n.t('To keep both, cancel, and write another metadata.name in one of them.');
  const [message, detail] =
    others.length === 0
      ? [replaceQuestion(first), keep]
      : [
          l10n.t('{0} Nuclio Tasks were deployed from other folders. Replace them?', all.length),
          [...all.map(lineOf), ...all.flatMap(leavingOf), '', keep].join('\n'),
        ];
  return (await window.showWarningMessage(message, { modal: true, detail }, replace)) === replace;
}

export function replaceQuestion(other: OtherFolder): string {
  const { name, from, folder } = other;
  return [
    l10n.t('{0} was deployed from {1}. Replace it with the Nuclio Task in {2}?', name, shown(from), shown(folder)),
    ...leavingOf(other),
  ].join(' ');
}

const leavingOf = ({ name, leaves }: OtherFolder): string[] =>
  leaves.length === 0
    ? []
    : [
        l10n.t(
          '{0} is fused with {1}, and a function has one runtime: it is split from them first.',
          name,
          leaves.join(', '),
        ),
      ];

/** Relative where it is in the workspace. */
const shown = (place: string): string => workspace.asRelativePath(place);

const lineOf = ({ name, from, folder }: OtherFolder): string =>
  l10n.t('{0} from {1}, with the one from {2}', name, shown(from), shown(folder));
