import { l10n, type Memento, window } from 'vscode';
import { DismissedError } from '../errors.ts';
import type { Connection } from '../server/connect.ts';
import { type BuildCommands, consentTo, listOf } from './buildConsent.ts';

const CONFIRMED = 'fusionizer.confirmedBuildCommands';

/**
 * Asks once for each list of build commands, in this workspace: they are shell commands that run with the rights of the
 * server's user. One question for all that were not agreed to yet.
 * @param connection of the server that runs them
 * @throws DismissedError when the user does not want them
 */
export async function confirmBuildCommands(
  state: Memento,
  all: readonly BuildCommands[],
  connection: Connection,
): Promise<void> {
  const elsewhere = connection.origin === 'remote' ? connection.address : undefined;
  const confirmed = (): string[] => state.get<string[]>(CONFIRMED, []);
  const asked = all.filter((one) => !confirmed().includes(consentTo(one, elsewhere)));
  const [first, ...others] = asked;
  if (first === undefined) return;
  const where =
    elsewhere === undefined ? l10n.t('on this machine') : l10n.t('by the server at {0}, on its machine', elsewhere);
  const [message, detail] =
    others.length === 0
      ? [
          l10n.t(
            'To deploy {0}, these build commands are run in a shell {1}. You are asked once for each list.',
            first.task,
            where,
          ),
          first.commands.join('\n'),
        ]
      : [
          l10n.t(
            'To deploy {0} Tasks, these build commands are run in a shell {1}. You are asked once for each list.',
            asked.length,
            where,
          ),
          listOf(asked),
        ];
  const run = l10n.t('Run');
  const answer = await window.showWarningMessage(message, { modal: true, detail }, run);
  if (answer !== run) throw new DismissedError();
  // Read again: another question may have been answered meanwhile.
  await state.update(CONFIRMED, [...new Set([...confirmed(), ...asked.map((one) => consentTo(one, elsewhere))])]);
}
