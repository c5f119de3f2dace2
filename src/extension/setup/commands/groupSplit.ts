import { l10n, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand, Services } from '../../services.ts';
import { split } from '../changeSetup.ts';
import { outcomeOfSplit } from '../fusion.ts';
import { groupText, outcomeText, setupText } from '../outcomeText.ts';
import { deployedPieces, deployedTasks } from '../targets.ts';

/** Takes Tasks out of their Fusion Groups. For a whole group it does the same as *Split Group*. */
export const groupSplit: ExtensionCommand = async (services, argument, selected) => {
  await services.server.client();
  const tasks = deployedTasks(services);
  const pieces = deployedPieces(services, argument, selected);
  if (pieces.length > 0) return split(services, pieces);
  const fused = tasks.filter(({ group }) => group.length > 1);
  const items = fused.map(({ name, runtime, group }) => {
    const outcome = outcomeOfSplit(tasks, [name]);
    return {
      names: [name],
      label: name,
      description: l10n.t('{0} · in {1}', runtime, groupText(group)),
      detail: outcome ? outcomeText(outcome) : '',
    };
  });
  return split(services, [await pick(items, l10n.t('Split Nuclio Task Out of Its Group'))]);
};

/** Lets each Task of a Fusion Group run by itself, after a question. */
export const groupDissolve: ExtensionCommand = async (services, argument, selected) => {
  await services.server.client();
  const groups = groupsOn(services, argument, selected);
  if (groups.length > 0) return split(services, groups);
  const items = allGroups(services).map((names) => ({
    names,
    label: groupText(names),
    description: l10n.t('Fusion Group of {0}', names.length),
    detail: l10n.t('Makes {0}', setupText(names.map((name) => [name]))),
  }));
  return split(services, [await pick(items, l10n.t('Split Group'))]);
};

/** The groups that the command was called on, by their rows or by those of their Tasks. */
function groupsOn(services: Services, argument: unknown, selected: unknown): string[][] {
  const names = new Set(deployedPieces(services, argument, selected).flat());
  return allGroups(services).filter((group) => group.some((name) => names.has(name)));
}

const allGroups = ({ model }: Services): string[][] =>
  model.rows.flatMap((row) => (row.kind === 'group' ? [row.tasks.map(({ name }) => name)] : []));

async function pick(items: readonly { names: string[]; label: string }[], title: string): Promise<string[]> {
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('No Nuclio Tasks are fused.'));
    throw new DismissedError();
  }
  const picked = await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (picked === undefined) throw new DismissedError();
  return picked.names;
}
