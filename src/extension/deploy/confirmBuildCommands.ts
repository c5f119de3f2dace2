import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { l10n, type Memento, window } from 'vscode';
import type { Shipment } from '../../client/shipment.ts';
import { parseFunctionYaml } from '../../core/functionYaml.ts';
import { parseInlineConfig } from '../../core/inlineConfig.ts';
import { DismissedError } from '../errors.ts';

const CONFIRMED = 'fusionizer.confirmedBuildCommands';

/**
 * Asks once for each list of build commands, in this workspace: they are shell commands that run with the user's rights.
 * @throws DismissedError when the user does not want them; FusionizerError for a configuration that cannot be read
 */
export async function confirmBuildCommands(state: Memento, shipment: Shipment): Promise<void> {
  const commands = await commandsOf(shipment);
  if (commands.length === 0) return;
  const hash = createHash('sha256').update(JSON.stringify(commands)).digest('hex');
  const confirmed = (): string[] => state.get<string[]>(CONFIRMED, []);
  if (confirmed().includes(hash)) return;
  const run = l10n.t('Run');
  const answer = await window.showWarningMessage(
    l10n.t('To deploy {0}, these build commands are run in a shell on this machine. They are asked for once.', shipment.name),
    { modal: true, detail: commands.join('\n') },
    run,
  );
  if (answer !== run) throw new DismissedError();
  // Read again: another question may have been answered meanwhile.
  await state.update(CONFIRMED, [...confirmed(), hash]);
}

async function commandsOf({ files }: Shipment): Promise<string[]> {
  const config = files.find(({ name }) => name === 'function.yaml') ?? files.find(({ name }) => name === 'function.yml');
  if (config) return parseFunctionYaml(await readFile(config.path, 'utf8'), config.name).spec?.build?.commands ?? [];
  const [source] = files.filter(({ name }) => !name.includes('/') && ['.py', '.js', '.mjs', '.cjs'].includes(path.extname(name)));
  if (source === undefined) return [];
  return parseInlineConfig(await readFile(source.path, 'utf8'), source.name, path.extname(source.name))?.spec?.build?.commands ?? [];
}
