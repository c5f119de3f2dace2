import type { ConfigProblem } from '../config/configProblem.ts';

/**
 * What the checks of function.yaml found of the fault that a deploy failed with: what they mark as an error in its
 * line, or say in the same words.
 * @param line from 1; undefined where the deploy did not tell
 */
export function sameFault(
  found: readonly ConfigProblem[],
  line: number | undefined,
  message: string,
): ConfigProblem | undefined {
  const errors = found.filter(({ severity }) => severity === 'error');
  return (
    errors.find((one) => message.includes(one.message)) ??
    errors.find((one) => line !== undefined && one.line === line - 1)
  );
}
