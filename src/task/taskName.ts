import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { TaskNameError } from '../client/errors.ts';
import { TASK_NAME } from '../shared/api.ts';
import { FusionizerError } from '../shared/errors.ts';
import { checkTaskName } from './task.ts';
import { CONFIG_FILES, configText } from './yaml/configFile.ts';
import { type FunctionYaml, placed, readFunctionYaml } from './yaml/functionYaml.ts';
import { readInlineConfig } from './yaml/inlineConfig.ts';

/**
 * The name that a folder or file is deployed under: its own `metadata.name`, else the folder's (file's) name.
 * @throws TaskNameError with a suggestion, and the place of `metadata.name` in the configuration, when that is no DNS
 *   label; FusionizerError `task` when the configuration cannot be read
 */
export async function taskNameOf(source: string): Promise<string> {
  const isFolder = (await stat(source)).isDirectory();
  const yaml = isFolder
    ? await configIn(source)
    : readInlineConfig(await readFile(source, 'utf8'), path.basename(source), path.extname(source));
  const configured = yaml?.checked().metadata?.name || undefined;
  const base = path.basename(path.resolve(source));
  const name = configured ?? (isFolder ? base : path.parse(base).name);
  try {
    checkTaskName(name);
  } catch (cause) {
    if (!(cause instanceof FusionizerError)) throw cause;
    const advice =
      configured === undefined
        ? ` (it is the ${isFolder ? "folder's" : "file's"} name): write another one as metadata.name`
        : '';
    if (yaml === undefined) throw new TaskNameError('malformed', cause.message + advice, { cause });
    const place = { file: yaml.file, line: yaml.lineOf('metadata', 'name') };
    throw new TaskNameError('malformed', `${placed(place.file, place.line)}: ${cause.message}${advice}`, {
      ...place,
      cause,
    });
  }
  return name;
}

/**
 * The name that a folder's configuration gives it, whatever else is wrong there; undefined where it gives none, or one
 * that no Task can have.
 */
export async function soundTaskName(folder: string): Promise<string | undefined> {
  // What cannot be read as a whole names nothing; reading it for a deploy says why.
  const yaml = await configIn(folder).catch(() => undefined);
  const name = yaml?.config.metadata?.name;
  return name !== undefined && TASK_NAME.test(name) ? name : undefined;
}

async function configIn(folder: string): Promise<FunctionYaml | undefined> {
  for (const file of CONFIG_FILES) {
    const bytes = await readFile(path.join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes !== undefined) return readFunctionYaml(configText(bytes, file), file);
  }
  return undefined;
}
