import { FusionizerError } from '../shared/errors.ts';
import { missingModuleAdvice } from '../task/missingModule.ts';
import type { Task } from '../task/task.ts';
import { configPlace } from '../task/yaml/configPlace.ts';
import { placed } from '../task/yaml/functionYaml.ts';

/** Adds to the error of a Task that cannot start what its author can do about it, and where. */
export async function withAdvice(error: unknown, task: Task): Promise<unknown> {
  const begin = `Task '${task.name}' cannot start: `;
  if (!(error instanceof FusionizerError) || !error.message.startsWith(begin)) return error;
  const { code, message, file, line, keys, cause } = error;
  if (keys !== undefined) {
    const place = await configPlace(task.dir, keys);
    const what = message.slice(begin.length);
    const assumed = task.config.spec?.handler
      ? what
      : what.replace(/^spec\.handler is/, 'without spec.handler, the handler is');
    return new FusionizerError(code, `${placed(place.file, place.line)}: ${assumed}`, {
      file: place.file,
      line: place.line,
      cause,
    });
  }
  const advice = await missingModuleAdvice(task.dir, task.config, task.runtime, message);
  return advice === undefined ? error : new FusionizerError(code, `${message}: ${advice}`, { file, line, cause });
}
