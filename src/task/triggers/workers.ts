import { FusionizerError } from '../../shared/errors.ts';
import type { Trigger } from '../yaml/functionYaml.ts';

/** Of a function on the embedded platform. Each worker is a process of about 20 to 60 MB. */
const MAX_WORKERS = 100;

/** @throws FusionizerError `task` for an http trigger with more workers than the embedded platform runs */
export function checkWorkers(key: string, trigger: Trigger): void {
  for (const field of ['numWorkers', 'maxWorkers'] as const) {
    if ((trigger[field] ?? 0) <= MAX_WORKERS) continue;
    throw new FusionizerError(
      'task',
      `function.yaml: spec.triggers.${key}.${field} is ${trigger[field]}: the embedded platform ` +
        `runs at most ${MAX_WORKERS} workers for a function, because each is a process on this machine`,
      { file: 'function.yaml', keys: ['spec', 'triggers', key, field] },
    );
  }
}
