import { l10n, type QuickPickItem, window } from 'vscode';
import { formatDuration } from '../../../shared/format.ts';
import { DismissedError } from '../../errors.ts';
import { focusView } from '../../ownCommands.ts';
import type { ExtensionCommand, Services } from '../../services.ts';
import {
  type InvocationFilter,
  isFiltering,
  parseMilliseconds,
  STATUS_FILTERS,
  type StatusFilter,
} from '../invocationFilter.ts';
import { PAGE } from '../invocations.ts';

/** A question for one field of the filter. */
type Ask = (services: Services, filter: InvocationFilter) => Promise<InvocationFilter>;

/** Chooses which invocations the view shows, one field of the filter at a time. */
export const traceFilter: ExtensionCommand = async (services) => {
  const { filter } = services.invocations;
  const any = l10n.t('any');
  const items: (QuickPickItem & { ask: Ask })[] = [
    { label: l10n.t('Nuclio Task'), description: filter.task ?? any, ask: askTask },
    { label: l10n.t('Status'), description: filter.status ?? any, ask: askStatus },
    {
      label: l10n.t('Duration'),
      description: filter.min === undefined ? any : l10n.t('at least {0}', formatDuration(filter.min)),
      ask: askMinimum,
    },
    ...(isFiltering(filter) ? [{ label: l10n.t('Clear Filter'), ask: async () => ({}) }] : []),
  ];
  const title = l10n.t('Filter Invocations');
  const { ask } = await picked(window.showQuickPick(items, { title, placeHolder: l10n.t('By what?') }));
  services.invocations.show(await ask(services, filter));
  await focusView('fusionizer.invocations');
};

const askTask: Ask = async ({ model, server }, filter) => {
  const recorded = await server.connection?.client.traces({ outer: true, limit: PAGE });
  const deployed = model.taskRows.flatMap(({ name, task }) => (task ? [name] : []));
  // A Task that was deleted has records still.
  const names = [...new Set([...deployed, ...(recorded ?? []).map(({ callee }) => callee)])].sort();
  const items: (QuickPickItem & { task?: string })[] = [
    { label: l10n.t('Any Nuclio Task') },
    ...names.map((task) => ({ label: task, task })),
  ];
  const { task } = await picked(window.showQuickPick(items, { title: l10n.t('Filter Invocations by Nuclio Task') }));
  return { ...filter, task };
};

const askStatus: Ask = async (_services, filter) => {
  const says: Record<StatusFilter, string> = {
    error: l10n.t('no answer, or 400 and above'),
    '2xx': l10n.t('success'),
    '3xx': l10n.t('redirection'),
    '4xx': l10n.t('an error of the client'),
    '5xx': l10n.t('an error of the Nuclio Task'),
  };
  const items: (QuickPickItem & { status?: StatusFilter })[] = [
    { label: l10n.t('Any status') },
    ...STATUS_FILTERS.map((status) => ({ label: status, description: says[status], status })),
  ];
  const { status } = await picked(window.showQuickPick(items, { title: l10n.t('Filter Invocations by Status') }));
  return { ...filter, status };
};

const askMinimum: Ask = async (_services, filter) => {
  const typed = await picked(
    window.showInputBox({
      title: l10n.t('Filter Invocations by Duration'),
      prompt: l10n.t('The shortest duration, such as 250 ms or 1.5 s. Empty: any.'),
      value: filter.min === undefined ? '' : `${filter.min} ms`,
      validateInput: (text) =>
        text.trim() === '' || parseMilliseconds(text) !== undefined
          ? undefined
          : l10n.t('Write a number of ms or s, such as 250 ms.'),
    }),
  );
  return { ...filter, min: parseMilliseconds(typed) };
};

/** @throws DismissedError if the user chose nothing */
async function picked<T>(choice: Thenable<T | undefined>): Promise<T> {
  const chosen = await choice;
  if (chosen === undefined) throw new DismissedError();
  return chosen;
}
