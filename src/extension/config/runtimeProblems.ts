import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { nearName } from '../../shared/nearName.ts';
import { parseRuntime, type Runtime } from '../../task/yaml/functionYaml.ts';
import { RUNTIME_OF_FILE } from '../../task/yaml/inlineConfig.ts';
import { entryOf, spanOf, valueAt } from '../../task/yaml/yamlPlaces.ts';
import type { Checked } from './configDocument.ts';
import type { ConfigProblem, Fix } from './configProblem.ts';

/** Checks that spec.runtime exists and is one that Tasks can have. */
export async function runtimeProblems({ text, yaml, folder, defaults }: Checked): Promise<ConfigProblem[]> {
  if (!yaml.isSound('spec', 'runtime')) return [];
  const runtime = yaml.config.spec?.runtime;
  const names = await likelyRuntimes(folder);
  if (!runtime) {
    if (defaults !== undefined) return [];
    const key = spanOf(entryOf(text.root, 'spec')?.key);
    const fixes = names.flatMap((name) => text.insertionInto(['spec'], `runtime: ${name}`) ?? []);
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
    const node = valueAt(text.root, 'spec', 'runtime');
    const meant = meantRuntime(runtime);
    const fixes = (meant === undefined ? names : [meant]).map((name): Fix => text.replacement(node, name));
    return [text.problem(spanOf(node), 'error', 'runtime', messageOf(error).replace('function.yaml: ', ''), fixes)];
  }
}

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  python: ['python', 'py', 'cpython'],
  nodejs: ['nodejs', 'node', 'js', 'javascript', 'typescript', 'ts'],
};

/** The runtime that was meant: `python:3.11` for `pyton:3.11`, `Python 3.11.4` or `python311`; undefined if unclear. */
export function meantRuntime(written: string): string | undefined {
  const [, word = '', version = ''] =
    /^([a-z.]*[a-z])[\s:@_=/-]*v?(\d[\d.]*)?/.exec(written.trim().toLowerCase()) ?? [];
  const name = word.replaceAll('.', '');
  const near = (names: readonly string[]): boolean =>
    names.includes(name) || (name.length > 3 && nearName(name, names.slice(0, 1)) !== undefined);
  const family = Object.keys(FAMILIES).find((one) => near(FAMILIES[one] ?? []));
  const minor = /^3\.?(\d{1,2})/.exec(version)?.[1];
  return family === 'python' && minor !== undefined ? `python:3.${Number(minor)}` : family;
}

/** The runtime of a Task; if it is not a valid one, all that may be meant, the most likely first. */
export async function runtimesOf({ yaml, folder, defaults }: Checked): Promise<Runtime[]> {
  const written = yaml.config.spec?.runtime || defaults?.runtime;
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
