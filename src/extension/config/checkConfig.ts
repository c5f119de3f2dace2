import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { type FunctionYaml, readFunctionYaml } from '../../task/yaml/functionYaml.ts';
import { syntaxFaults } from '../../task/yaml/syntaxFaults.ts';
import { type KeySchema, unknownKeys } from '../../task/yaml/unknownKeys.ts';
import { type Checked, ConfigText } from './configDocument.ts';
import type { ConfigProblem } from './configProblem.ts';
import { handlerProblems } from './handlerProblems.ts';
import { nameProblems } from './nameProblems.ts';
import { runtimeProblems } from './runtimeProblems.ts';
import { triggerProblems } from './triggerProblems.ts';

/** A configuration to check. */
export interface ConfigSource {
  readonly text: string;
  /** The absolute path of function.yaml. */
  readonly file: string;
  /** media/schemas/function.schema.json. */
  readonly schema: KeySchema;
  /** A file's text, as the editors show it. */
  readonly read?: (file: string) => Promise<string>;
}

/** The most faults of form that are marked. A file with more is probably not a function.yaml. */
const MOST = 100;

/**
 * Finds everything in a function.yaml that a deploy would be refused for, or that Nuclio would ignore. A fault in one
 * field does not hide others, as each check reads only the fields that are sound.
 */
export async function checkConfig({
  text: source,
  file,
  schema,
  read = (name) => readFile(name, 'utf8'),
}: ConfigSource): Promise<ConfigProblem[]> {
  const text = new ConfigText(source);
  const syntax = syntaxFaults(source, text.document);
  if (syntax.length > 0) return syntax.map(({ span, message }) => text.problem(span, 'error', 'yaml', message));
  const unknown = unknownKeys(text.root, schema).map(({ span, message, meant }) =>
    text.problem(
      span,
      'warning',
      'unknown-key',
      message,
      meant === undefined ? [] : [{ kind: 'replace', text: meant }],
    ),
  );
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
  const surprising = yaml.warnings.map(({ line, message }) =>
    text.problem(text.spanOfLine(line - 1), 'warning', 'surprise', message),
  );
  const checked: Checked = { text, yaml, folder: path.dirname(file), read };
  return [
    ...unknown,
    ...surprising,
    ...faults,
    ...nameProblems(checked),
    ...(await runtimeProblems(checked)),
    ...(await handlerProblems(checked)),
    ...triggerProblems(checked),
  ];
}
