import { readFunctionYaml } from '../../core/functionYaml.ts';
import type { ConfigProblem } from '../config/problem.ts';

/**
 * What the checks of function.yaml found of the fault that a deploy failed with: what they mark as an error in its line, or say in the same words.
 * @param line from 1; undefined where the deploy did not tell
 */
export function sameFault(found: readonly ConfigProblem[], line: number | undefined, message: string): ConfigProblem | undefined {
  const errors = found.filter(({ severity }) => severity === 'error');
  return errors.find((one) => message.includes(one.message)) ?? errors.find((one) => line !== undefined && one.line === line - 1);
}

/**
 * The line of the field that a refusal begins with, as in `function.yaml: spec.triggers.http.numWorkers is ...`: whoever checks a configuration as it
 * was parsed knows no lines.
 * @returns from 1; undefined where it names no field, or the text cannot be read
 */
export function namedLine(text: string, file: string, message: string): number | undefined {
  const field = message.startsWith(`${file}: `) ? /^(metadata|spec)\.[\w.-]+/.exec(message.slice(file.length + 2))?.[0] : undefined;
  if (field === undefined) return undefined;
  try {
    return readFunctionYaml(text, file).lineOf(...field.split('.'));
  } catch {
    return undefined;
  }
}
