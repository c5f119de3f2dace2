import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError, messageOf } from '../../core/errors.ts';
import { type FunctionConfig, parseFunctionYaml } from '../../core/functionYaml.ts';
import { checkHandler } from './checkHandler.ts';
import { checkName } from './checkName.ts';
import { checkRuntime } from './checkRuntime.ts';
import { checkTriggers } from './checkTriggers.ts';
import { ConfigText } from './configText.ts';
import type { ConfigProblem } from './problem.ts';
import { type KeySchema, unknownKeys } from './unknownKeys.ts';

/** What is checked, and with what. */
export interface ConfigSource {
  readonly text: string;
  /** Of function.yaml; absolute. */
  readonly file: string;
  /** media/schemas/function.schema.json. */
  readonly schema: KeySchema;
  /** A file's text, as the editors show it. */
  readonly read?: (file: string) => Promise<string>;
}

/** What every check gets. */
export interface Checked {
  readonly text: ConfigText;
  readonly config: FunctionConfig;
  readonly folder: string;
  readonly read: (file: string) => Promise<string>;
}

/** All that is wrong in a function.yaml: what a deploy would be refused for, and what Nuclio would ignore. */
export async function checkConfig({ text: source, file, schema, read = (name) => readFile(name, 'utf8') }: ConfigSource): Promise<ConfigProblem[]> {
  const text = new ConfigText(source);
  if (text.document.errors.length > 0) {
    return text.document.errors.map((error) => text.problem([error.pos[0], Math.max(error.pos[0] + 1, error.pos[1])], 'error', 'yaml', error.message));
  }
  const unknown = unknownKeys(text, schema);
  const name = path.basename(file);
  let config: FunctionConfig;
  try {
    config = parseFunctionYaml(source, name);
  } catch (error) {
    return [...unknown, invalid(text, name, error)];
  }
  const checked: Checked = { text, config, folder: path.dirname(file), read };
  return [...unknown, ...checkName(checked), ...(await checkRuntime(checked)), ...(await checkHandler(checked)), ...checkTriggers(checked)];
}

function invalid(text: ConfigText, file: string, error: unknown): ConfigProblem {
  const line = error instanceof FusionizerError ? error.line : undefined;
  // Where it is, the mark tells.
  const message = messageOf(error).replace(`${file}:${line}: `, '').replace(`${file}: `, '');
  return text.problem(line === undefined ? undefined : text.spanOfLine(line - 1), 'error', 'invalid', message);
}
