import { l10n, type QuickPickItem, window } from 'vscode';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { ANSWER_PARTS, type AnswerPart } from '../answer.ts';
import { answeredTaskFor } from '../answeredTask.ts';

/**
 * Shows a part of a Task's last answer in its document. It is called with `{task, part}`, on a Task, or from the
 * palette.
 */
export const answerShow: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Show Part of Answer'));
  await services.answers.show(task, partOf(argument) ?? (argument === undefined ? await pickPart(task) : 'body'));
};

const isPart = (value: unknown): value is AnswerPart => ANSWER_PARTS.some((part) => part === value);

function partOf(argument: unknown): AnswerPart | undefined {
  return typeof argument === 'object' && argument !== null && 'part' in argument && isPart(argument.part)
    ? argument.part
    : undefined;
}

async function pickPart(task: string): Promise<AnswerPart> {
  const titles: Record<AnswerPart, string> = {
    body: l10n.t('Body'),
    raw: l10n.t('Body as It Came'),
    headers: l10n.t('Headers'),
    calls: l10n.t('Calls'),
    logs: l10n.t('Logs'),
  };
  const items = ANSWER_PARTS.map((part): QuickPickItem & { part: AnswerPart } => ({ label: titles[part], part }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Answer of {0}', task) });
  if (picked === undefined) throw new DismissedError();
  return picked.part;
}
