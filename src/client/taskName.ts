import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { configText } from '../core/configText.ts';
import { FusionizerError } from '../core/errors.ts';
import { parseFunctionYaml } from '../core/functionYaml.ts';
import { parseInlineConfig } from '../core/inlineConfig.ts';
import { checkTaskName } from '../core/task.ts';

/**
 * The name that a folder or file is deployed under: its own `metadata.name`, else the folder's (file's) name.
 * @throws FusionizerError `malformed` with a suggestion when that is no DNS label; `task` when the configuration cannot be read
 */
export async function taskNameOf(source: string): Promise<string> {
  const configured = await configuredName(source);
  const base = path.basename(path.resolve(source));
  const name = configured ?? ((await stat(source)).isDirectory() ? base : path.parse(base).name);
  try {
    checkTaskName(name);
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    const from = configured === undefined ? `the name of ${path.resolve(source)}` : 'metadata.name';
    throw new FusionizerError('malformed', `${error.message} (it is ${from}). Give another with --name, or with metadata.name in the Task's configuration`, {
      cause: error,
    });
  }
  return name;
}

async function configuredName(source: string): Promise<string | undefined> {
  if ((await stat(source)).isDirectory()) {
    for (const file of ['function.yaml', 'function.yml']) {
      const bytes = await readFile(path.join(source, file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (bytes !== undefined) return parseFunctionYaml(configText(bytes, file), file).metadata?.name || undefined;
    }
    return undefined;
  }
  const text = await readFile(source, 'utf8');
  return parseInlineConfig(text, path.basename(source), path.extname(source))?.metadata?.name || undefined;
}
