import type { LogRecord } from '../../shared/api.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { missingModule, missingModuleAdvice } from '../../task/missingModule.ts';
import type { Task } from '../../task/task.ts';
import type { Logs } from './logs.ts';
import type { ServerLog } from './serverLog.ts';

/** Where the causes of an error of Node.js begin in its text. */
const CAUSES = / \{\n {2}\[(?:cause|errors)\]: /;
/** Advice is given once for each module and version of a Task; so many are remembered. */
const REMEMBERED = 1000;

/**
 * Logs which build command to add when a handler imports a module that is not installed. A start that fails for it says
 * so itself; this is for imports inside of handlers. The record belongs to the Task that lacks it, alone or in a group.
 * Answers keep Nuclio's words.
 * @param taskOf the deployed Task; throws `not-found` for another name
 * @returns ends the watch
 */
export function watchMissingModules(logs: Logs, log: ServerLog, taskOf: (name: string) => Task): () => void {
  const given = new Set<string>();
  return logs.subscribe((record) => {
    if (record.level !== 'error' || record.task === null) return;
    const said = errorIn(record);
    if (said === undefined) return;
    const task = deployed(record.task, taskOf);
    const module = task && missingModule(said, task.runtime.family);
    if (task === undefined || module === undefined) return;
    const key = `${task.name} ${task.version} ${module}`;
    if (given.has(key)) return;
    if (given.size >= REMEMBERED) given.clear();
    given.add(key);
    void missingModuleAdvice(task.dir, task.config, task.runtime, said).then((advice) => {
      if (advice === undefined) return;
      const about = record.function !== null &&
        record.trace !== null && { function: record.function, trace: record.trace };
      log.writeOf(
        task.name,
        'error',
        `Task '${task.name}' lacks the module '${module}': ${advice}`,
        about || undefined,
      );
    });
  });
}

/**
 * The error of a handler in its record: Python's traceback is beside the message, Node.js's stack in it. What it was
 * caused by may have been expected.
 */
function errorIn({ message, with: extra }: LogRecord): string | undefined {
  if (message.startsWith('Error in handler: ')) return message.split(CAUSES, 1)[0];
  const { traceback } = extra;
  if (message !== 'Exception caught in handler' || typeof traceback !== 'string') return undefined;
  // The last line is the error itself.
  return traceback.trimEnd().split('\n').at(-1);
}

function deployed(name: string, taskOf: (name: string) => Task): Task | undefined {
  try {
    return taskOf(name);
  } catch (error) {
    if (error instanceof FusionizerError && error.code === 'not-found') return undefined;
    throw error;
  }
}
