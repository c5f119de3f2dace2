import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { type FunctionYaml, readFunctionYaml } from '../../task/yaml/functionYaml.ts';
import { type Checked, ConfigText } from './configDocument.ts';
import type { ConfigProblem } from './configProblem.ts';
import { handlerProblems } from './handlerProblems.ts';
import { nameProblems } from './nameProblems.ts';
import { runtimeProblems } from './runtimeProblems.ts';
import { triggerProblems } from './triggerProblems.ts';
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

/** Faults of form that are marked: nobody reads more, and a file may be of another kind altogether. */
const MOST = 100;

/**
 * All that is wrong in a function.yaml: what a deploy would be refused for, and what Nuclio would ignore. A fault in
 * one field hides no other one: each check looks at what is sound.
 */
export async function checkConfig({
  text: source,
  file,
  schema,
  read = (name) => readFile(name, 'utf8'),
}: ConfigSource): Promise<ConfigProblem[]> {
  const text = new ConfigText(source);
  const errors = text.document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (errors.length > 0) {
    return errors.map((error) =>
      text.problem([error.pos[0], Math.max(error.pos[0] + 1, error.pos[1])], 'error', 'yaml', error.message),
    );
  }
  const unknown = unknownKeys(text, schema);
  const name = path.basename(file);
  let yaml: FunctionYaml;
  try {
    yaml = readFunctionYaml(source, name);
  } catch (error) {
    if (!(error instanceof FusionizerError)) throw error;
    const span = error.line === undefined ? undefined : text.spanOfLine(error.line - 1);
    return [...unknown, text.problem(span, 'error', 'invalid', messageOf(error).replace(`${name}: `, ''))];
  }
  const faults = yaml.faults
    .slice(0, MOST)
    .map((fault) => text.problem(text.spanOfLine(yaml.lineOfFault(fault) - 1), 'error', 'invalid', fault.message));
  const checked: Checked = { text, yaml, folder: path.dirname(file), read };
  return [
    ...unknown,
    ...faults,
    ...nameProblems(checked),
    ...(await runtimeProblems(checked)),
    ...(await handlerProblems(checked)),
    ...triggerProblems(checked),
  ];
}
