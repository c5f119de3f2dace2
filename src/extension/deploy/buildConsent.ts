import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import type { PackedConfig } from '../../task/yaml/findConfig.ts';
import { findConfig, readConfig } from '../../task/yaml/findConfig.ts';

/** The shell commands that a Task's build runs. */
export interface BuildCommands {
  readonly task: string;
  /** Not empty. */
  readonly commands: readonly string[];
}

/**
 * The build commands of a Task, read from the bytes that are sent: the file on disk may have changed since.
 * @returns undefined for a Task without build commands
 * @throws FusionizerError for a configuration that cannot be read
 */
export function buildCommandsOf(task: string, config: PackedConfig | undefined): BuildCommands | undefined {
  const commands = (config && readConfig(config.file, config.bytes)?.checked().spec?.build?.commands) ?? [];
  return commands.length === 0 ? undefined : { task, commands };
}

/**
 * The build commands that a folder has now. Its deploy reads them again from what it sends, and asks again if they
 * differ.
 */
export async function buildCommandsIn(task: string, folder: string): Promise<BuildCommands | undefined> {
  const file = findConfig(await listTopLevelFiles(folder));
  return buildCommandsOf(task, file && { file, bytes: await readFile(path.join(folder, file.name)) });
}

/**
 * A key for the user's consent to a list of commands on one machine.
 * @param elsewhere the address of the server that runs them; undefined: this machine
 */
export function consentTo({ commands }: BuildCommands, elsewhere: string | undefined): string {
  const what = elsewhere === undefined ? commands : [elsewhere, commands];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

/** The commands for the user to read before they agree: each list once, below the Tasks that have it. */
export function listOf(asked: readonly BuildCommands[]): string {
  const byList = new Map<string, string[]>();
  for (const { task, commands } of asked) {
    const list = commands.join('\n');
    byList.set(list, [...(byList.get(list) ?? []), task]);
  }
  return [...byList].map(([list, tasks]) => `${tasks.join(', ')}:\n${list}`).join('\n\n');
}
