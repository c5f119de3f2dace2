import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { RUNTIMES, TEMPLATES, type Template } from '../../task/templates.ts';
import { DismissedError } from '../errors.ts';
import type { Callee } from './callees.ts';

const LANGUAGES = { python: 'Python', nodejs: 'Node.js' } as const;

const texts = (): Record<Template['kind'], { label: string; detail: string; icon: string }> => ({
  plain: { icon: 'symbol-function', label: l10n.t('Plain'), detail: l10n.t('Answers with JSON.') },
  call: {
    icon: 'references',
    label: l10n.t('Calling another Nuclio Task'),
    detail: l10n.t('Calls it locally when the two are fused, else through the server.'),
  },
  cron: { icon: 'clock', label: l10n.t('Cron'), detail: l10n.t('Runs every minute, and answers requests.') },
  packages: {
    icon: 'package',
    label: l10n.t('With packages'),
    detail: l10n.t('Installs a package by a build command.'),
  },
});

interface TemplateItem extends QuickPickItem {
  template?: Template;
}

/** Asks for one of the templates. @throws DismissedError */
export async function askTemplate(): Promise<Template> {
  const items = RUNTIMES.flatMap((runtime): TemplateItem[] => [
    { label: LANGUAGES[runtime], kind: QuickPickItemKind.Separator },
    ...TEMPLATES.map((kind) => {
      const { icon, label, detail } = texts()[kind];
      return { label: `$(${icon}) ${LANGUAGES[runtime]}: ${label}`, detail, template: { runtime, kind } };
    }),
  ]);
  const picked = await window.showQuickPick(items, {
    title: l10n.t('New Nuclio Task'),
    placeHolder: l10n.t('Template'),
    matchOnDetail: true,
  });
  if (picked?.template === undefined) throw new DismissedError();
  return picked.template;
}

/** Asks which Task the new one calls; without any Task, the template's default stays. @throws DismissedError */
export async function askCallee(callees: readonly Callee[]): Promise<string | undefined> {
  if (callees.length === 0) return undefined;
  const items = callees.map(({ name, deployed }) => ({
    label: name,
    ...(deployed ? {} : { description: l10n.t('not deployed') }),
  }));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('New Nuclio Task'),
    placeHolder: l10n.t('Which Nuclio Task does it call?'),
  });
  if (picked === undefined) throw new DismissedError();
  return picked.label;
}
