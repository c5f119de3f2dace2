import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listTopLevelFiles } from '../../task/taskFiles.ts';
import { parseFunctionYaml } from '../../task/yaml/functionYaml.ts';
import { parseInlineConfig, RUNTIME_OF_FILE } from '../../task/yaml/inlineConfig.ts';

/** What a Task's build runs in a shell. */
export interface BuildCommands {
  readonly task: string;
  /** Not empty. */
  readonly commands: readonly string[];
}

/** A file of a Task: its name in the Task's folder, with `/`, and where it lies. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/**
 * The build commands of a Task out of its files; undefined where it has none.
 * @throws FusionizerError for a configuration that cannot be read
 */
export async function buildCommandsOf(task: string, files: readonly NamedFile[]): Promise<BuildCommands | undefined> {
  const commands = await commandsOf(files);
  return commands.length === 0 ? undefined : { task, commands };
}

/** The same, before its files are packed. @param folder a Task's folder */
export async function buildCommandsIn(task: string, folder: string): Promise<BuildCommands | undefined> {
  const names = await listTopLevelFiles(folder);
  return buildCommandsOf(
    task,
    names.map((name) => ({ name, path: path.join(folder, name) })),
  );
}

/**
 * By what a list of commands is known that the user agreed to.
 * @param elsewhere the address of the server that runs them; undefined: this machine
 */
export function consentTo({ commands }: BuildCommands, elsewhere: string | undefined): string {
  const what = elsewhere === undefined ? commands : [elsewhere, commands];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

/** What the user reads before they agree: each list once, under the Tasks that have it. */
export function listOf(asked: readonly BuildCommands[]): string {
  const byList = new Map<string, string[]>();
  for (const { task, commands } of asked) {
    const list = commands.join('\n');
    byList.set(list, [...(byList.get(list) ?? []), task]);
  }
  return [...byList].map(([list, tasks]) => `${tasks.join(', ')}:\n${list}`).join('\n\n');
}

async function commandsOf(files: readonly NamedFile[]): Promise<readonly string[]> {
  const config =
    files.find(({ name }) => name === 'function.yaml') ?? files.find(({ name }) => name === 'function.yml');
  if (config) return parseFunctionYaml(await readFile(config.path, 'utf8'), config.name).spec?.build?.commands ?? [];
  const [source] = files.filter(({ name }) => !name.includes('/') && path.extname(name) in RUNTIME_OF_FILE);
  if (source === undefined) return [];
  return (
    parseInlineConfig(await readFile(source.path, 'utf8'), source.name, path.extname(source.name))?.spec?.build
      ?.commands ?? []
  );
}
