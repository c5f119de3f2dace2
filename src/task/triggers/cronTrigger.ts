import * as z from 'zod';
import { FusionizerError } from '../../shared/errors.ts';
import { parseGoDuration } from '../goDuration.ts';
import type { FunctionConfig, Trigger } from '../yaml/functionYaml.ts';
import { parseCronSchedule, type Rhythm, SHORTEST_INTERVAL } from './cronSchedule.ts';

/** The contents of a cron trigger's events, as in function.yaml. Nuclio sends them unchanged. */
export interface CronEventForm {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: Buffer;
}

export interface CronTrigger {
  /** The name of the trigger in the Task's function.yaml. */
  readonly key: string;
  readonly rhythm: Rhythm;
  readonly event: CronEventForm;
  /** Settings that may surprise their author. */
  readonly warnings: readonly string[];
}

const text = (hint: string): z.ZodOptional<z.ZodNullable<z.ZodString>> =>
  z.string({ error: `must be text${hint}` }).nullish();
const eventForm = z
  .object(
    {
      body: text(': put it in quotes, or write it as a block after |'),
      method: text(', such as "POST"'),
      path: text(', such as "/tick"'),
      headers: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: 'must be text or a number' }), {
          error: "must be a map of headers' names to values",
        })
        .nullish(),
    },
    { error: 'must be a map of body, headers, method and path' },
  )
  .nullish();
const attributesForm = z.object({
  schedule: text(', such as "*/5 * * * *"'),
  interval: text(', such as "30s"'),
  event: eventForm,
});

/**
 * Reads a trigger of kind `cron` as Nuclio 1.14 does: attributes `schedule` or `interval` (a Go duration), and `event`.
 * Case does not matter in keys, and unknown keys are ignored. A trigger with which Nuclio's processor would fail to
 * start is refused.
 * @throws FusionizerError `task` with the trigger and what to do
 */
export function readCronTrigger(key: string, trigger: Trigger): CronTrigger {
  const attributes = lowerKeys(trigger.attributes ?? {});
  /** @param at the attribute that is at fault, if it is one */
  const refuse = (why: string, ...at: string[]): never => {
    const [name, inner] = at;
    const isThere = name !== undefined && name in attributes;
    const isInside = isThere && inner !== undefined && inner in Object(attributes[name]);
    throw new FusionizerError('task', `function.yaml: cron trigger '${key}': ${why}`, {
      file: 'function.yaml',
      keys: ['spec', 'triggers', key, ...(isThere ? ['attributes', name, ...(isInside ? [inner] : [])] : [])],
    });
  };
  const parsed = attributesForm.safeParse({ ...attributes, event: lowerKeys(attributes['event']) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`attributes.${issue?.path.join('.')} ${issue?.message}`, ...(issue?.path ?? []).map(String));
  }
  const { event } = parsed.data;
  const [schedule, interval] = [parsed.data.schedule ?? '', parsed.data.interval ?? ''];
  if ((schedule === '') === (interval === '')) {
    return refuse(
      `it has ${schedule === '' ? 'neither a schedule nor an interval' : 'both a schedule and an interval'}: ` +
        'write either attributes.schedule, such as "*/5 * * * *", or attributes.interval, such as "30s"',
      'interval',
    );
  }
  const warnings =
    trigger.disabled === true
      ? [
          `The cron trigger '${key}' ticks although it is disabled: Nuclio ignores 'disabled' for it. ` +
            'To stop it, remove the trigger from function.yaml',
        ]
      : [];
  const form = {
    method: event?.method ?? '',
    path: event?.path ?? '',
    headers: event?.headers ?? {},
    body: Buffer.from(event?.body ?? ''),
  };
  if (interval !== '')
    return { key, rhythm: { kind: 'interval', milliseconds: readInterval(interval, refuse) }, event: form, warnings };
  const { rhythm, warning } = parseCronSchedule(schedule, (why) =>
    refuse(
      `attributes.schedule '${schedule}' is not a schedule, ` +
        `such as "*/5 * * * *" (minute, hour, day of month, month, day of week) or "@hourly": ${why}`,
      'schedule',
    ),
  );
  if (warning !== undefined) warnings.push(`The cron trigger '${key}', '${schedule}': ${warning}`);
  return { key, rhythm, event: form, warnings };
}

/** The cron triggers of a function.yaml, with their keys. */
export function cronTriggersOf(config: FunctionConfig): [key: string, trigger: Trigger][] {
  return Object.entries(config.spec?.triggers ?? {}).filter(([, trigger]) => trigger.kind === 'cron');
}

function readInterval(interval: string, refuse: (why: string, ...at: string[]) => never): number {
  const milliseconds = parseGoDuration(interval);
  if (milliseconds === undefined)
    return refuse(
      `attributes.interval '${interval}' is not a duration above zero, such as "30s" or "1h30m"`,
      'interval',
    );
  if (milliseconds < SHORTEST_INTERVAL)
    return refuse(`attributes.interval '${interval}' is too short: write "${SHORTEST_INTERVAL}ms" or more`, 'interval');
  return milliseconds;
}

/** Returns a map with its keys in lower case, and any other value as it is. */
function lowerKeys<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner])) as T;
}
