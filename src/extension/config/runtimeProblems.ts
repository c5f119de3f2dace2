import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { parseRuntime, type Runtime } from '../../task/yaml/functionYaml.ts';
import { RUNTIME_OF_FILE } from '../../task/yaml/inlineConfig.ts';
import { entryOf, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';

/** Checks that spec.runtime exists and is one that Tasks can have. */
export async function runtimeProblems({ text, yaml, folder }: Checked): Promise<ConfigProblem[]> {
  if (!yaml.isSound('spec', 'runtime')) return [];
  const runtime = yaml.config.spec?.runtime;
  const names = await likelyRuntimes(folder);
  if (!runtime) {
    const key = spanOf(entryOf(text.root, 'spec')?.key);
    const fixes = names.flatMap((name) => text.insertionInto('spec', `runtime: ${name}`) ?? []);
    return [
      text.problem(
        key,
        'error',
        'runtime',
        "spec.runtime is missing: write 'runtime: python' or 'runtime: nodejs'",
        fixes,
      ),
    ];
  }
  try {
    parseRuntime(runtime, 'function.yaml');
    return [];
  } catch (error) {
    const fixes = names.map((name): Fix => ({ kind: 'replace', text: name }));
    return [
      text.problem(
        spanOf(valueAt(text.root, 'spec', 'runtime')),
        'error',
        'runtime',
        messageOf(error).replace('function.yaml: ', ''),
        fixes,
      ),
    ];
  }
}

/** The runtime of a Task; if it is not a valid one, all that may be meant, the most likely first. */
export async function runtimesOf({ yaml, folder }: Checked): Promise<Runtime[]> {
  const written = yaml.config.spec?.runtime;
  try {
    if (written) return [parseRuntime(written, 'function.yaml')];
  } catch {
    // runtimeProblems() reports it.
  }
  return (await likelyRuntimes(folder)).map((family) => parseRuntime(family, 'function.yaml'));
}

/** The runtimes of the folder's source files, else both. */
async function likelyRuntimes(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  const found = new Set(files.flatMap((file) => RUNTIME_OF_FILE[path.extname(file)] ?? []));
  return found.size === 0 ? ['python', 'nodejs'] : [...found];
}
