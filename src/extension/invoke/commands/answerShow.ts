import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import { execute } from '../../ownCommands.ts';
import type { ExtensionCommand, Services } from '../../services.ts';
import { ANSWER_PARTS, type AnswerPart, answerSummary } from '../answer.ts';
import { type AnswerAction, answerActions } from '../answerActions.ts';
import { answeredTaskFor } from '../answeredTask.ts';

/**
 * Shows a Task's answer in its document. It is called with `{task}` and, as needed, the part, the trace of an earlier
 * answer, or `pick`, which asks what to do with the answer, as from the palette.
 */
export const answerShow: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Show Part of Answer'));
  const { part, trace, pick }: { part?: unknown; trace?: unknown; pick?: unknown } =
    typeof argument === 'object' && argument !== null ? argument : { pick: true };
  if (pick === true) return pickAction(services, task);
  return services.answers.show(task, isPart(part) ? part : 'body', typeof trace === 'string' ? trace : undefined);
};

const isPart = (value: unknown): value is AnswerPart => ANSWER_PARTS.some((part) => part === value);

async function pickAction({ answers }: Services, task: string): Promise<unknown> {
  const itemOf = (action: AnswerAction): QuickPickItem & { action?: AnswerAction } => ({
    label: `$(${action.icon}) ${action.title}`,
    description: action.hint,
    action,
  });
  const all = answerActions(task, answers);
  const items = [
    { label: l10n.t('show'), kind: QuickPickItemKind.Separator },
    ...all.filter(({ part }) => part !== undefined).map(itemOf),
    { label: l10n.t('more'), kind: QuickPickItemKind.Separator },
    ...all.filter(({ part }) => part === undefined).map(itemOf),
  ];
  const current = answers.of(task)?.current;
  const picked = await window.showQuickPick<QuickPickItem & { action?: AnswerAction }>(items, {
    title: l10n.t('Answer of {0}', task),
    ...(current ? { placeHolder: `${current.method} ${current.path}: ${answerSummary(current)}` } : {}),
  });
  if (picked?.action === undefined) throw new DismissedError();
  return execute(picked.action.command, ...picked.action.arguments);
}
