import { l10n, type Memento, window } from 'vscode';
import { FusionizerError } from '../../shared/errors.ts';
import { DismissedError } from '../errors.ts';
import type { Connection } from '../server/connect.ts';
import type { TaskFolder } from '../setup/rows.ts';
import { type BuildCommands, buildCommandsIn, consentTo, listOf } from './buildConsent.ts';

const CONFIRMED = 'fusionizer.confirmedBuildCommands';

/**
 * Asks the user to agree to build commands, which are shell commands with the rights of the server's user. It asks once
 * for each list in a workspace, and in one question about all lists that are new.
 * @param connection to the server that runs them
 * @throws DismissedError if the user does not agree
 */
export async function confirmBuildCommands(
  state: Memento,
  all: readonly BuildCommands[],
  connection: Pick<Connection, 'origin' | 'address'>,
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
            'To deploy {0}, these build commands run in a shell {1}. You are asked once for each list.',
            first.task,
            where,
          ),
          first.commands.join('\n'),
        ]
      : [
          l10n.t(
            'To deploy {0} Nuclio Tasks, these build commands run in a shell {1}. You are asked once for each list.',
            asked.length,
            where,
          ),
          listOf(asked),
        ];
  const run = l10n.t('Run');
  const answer = await window.showWarningMessage(message, { modal: true, detail }, run);
  if (answer !== run) throw new DismissedError();
  // Read again, as another question may have been answered meanwhile.
  await state.update(CONFIRMED, [...new Set([...confirmed(), ...asked.map((one) => consentTo(one, elsewhere))])]);
}

/**
 * Asks for the build commands of all these folders in one question.
 * @param connect starts or reaches the server that runs them
 */
export async function confirmAllBuildCommands(
  state: Memento,
  folders: readonly TaskFolder[],
  connect: () => Promise<Pick<Connection, 'origin' | 'address'>>,
): Promise<void> {
  const all: BuildCommands[] = [];
  for (const { name, path } of folders) {
    // A configuration that cannot be read fails its own deploy, which reports it.
    const commands = await buildCommandsIn(name, path).catch((error: unknown) => {
      if (error instanceof FusionizerError) return undefined;
      throw error;
    });
    if (commands) all.push(commands);
  }
  await confirmBuildCommands(state, all, await connect());
}
