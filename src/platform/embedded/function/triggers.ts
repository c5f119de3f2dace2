import { FusionizerError } from '../../../shared/errors.ts';
import { cronTriggersOf, readCronTrigger } from '../../../task/triggers/cronTrigger.ts';
import { checkWorkers } from '../../../task/triggers/workers.ts';
import { type FunctionConfig, OTHER_TRIGGER_KINDS, type Trigger } from '../../../task/yaml/functionYaml.ts';
import { NUCLIO_DEFAULTS } from '../../../task/yaml/nuclioDefaults.ts';

/** How many workers a function has. As in Nuclio, 0 means the deprecated maxWorkers, then the default. */
export function workersOf(config: FunctionConfig): number {
  const [, http] = httpTrigger(config);
  return http?.numWorkers || http?.maxWorkers || NUCLIO_DEFAULTS.numWorkers;
}

/** The http trigger and its name. A function without one has Nuclio's default trigger, which sets nothing. */
export function httpTrigger(config: FunctionConfig): [key: string, trigger: Trigger | undefined] {
  const found = Object.entries(config.spec?.triggers ?? {}).find(([, trigger]) => trigger.kind === 'http');
  return found ?? [NUCLIO_DEFAULTS.httpTrigger, undefined];
}

/** @throws FusionizerError `task` for a trigger that the embedded platform cannot run */
export function refuseTriggers(config: FunctionConfig): void {
  for (const [key, trigger] of Object.entries(config.spec?.triggers ?? {})) {
    if (trigger.kind === 'http') {
      checkWorkers(key, trigger);
      continue;
    }
    if (trigger.kind === 'cron') {
      readCronTrigger(key, trigger);
      continue;
    }
    const why = OTHER_TRIGGER_KINDS.has(trigger.kind)
      ? 'the embedded platform has http and cron triggers only; a real Nuclio, on Docker or ' +
        `Kubernetes, has ${trigger.kind} triggers: deploy it there, or take the trigger out`
      : `no Nuclio has such triggers: write one of http, cron, ${[...OTHER_TRIGGER_KINDS].join(', ')} ` +
        '(the embedded platform has the first two)';
    throw new FusionizerError('task', `function.yaml: trigger '${key}' is of kind '${trigger.kind}': ${why}`, {
      file: 'function.yaml',
      keys: ['spec', 'triggers', key, 'kind'],
    });
  }
}

/** Warnings about triggers that do something else than their author may expect. */
export function triggerWarnings(config: FunctionConfig): string[] {
  return cronTriggersOf(config).flatMap(([key, trigger]) => readCronTrigger(key, trigger).warnings);
}
