import { Cron } from 'croner';
import { parseGoDuration } from '../yaml/functionYaml.ts';

/** When the ticks of a cron trigger come: at times of the clock, or each so many milliseconds. */
export type Rhythm =
  | { readonly kind: 'interval'; readonly milliseconds: number }
  /** `next` gives the first time after `after`, both in Unix ms; Infinity if there is none. */
  | { readonly kind: 'times'; next(after: number): number };

/** A shorter one would be a busy loop rather than a clock. In milliseconds. */
export const SHORTEST_INTERVAL = 10;

/** Of robfig/cron 3.0.1, which Nuclio has; `@every` besides. Lower case only, as there. */
const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
/** A field of that dialect: croner alone would take `L`, `W`, `#` and more, which fail on a real Nuclio. */
const VALUE = '(?:\\d{1,2}|[a-z]{3})';
const ITEM = `(?:[*?]|${VALUE}(?:-${VALUE})?)(?:/\\d+)?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`, 'i');

/**
 * Reads a schedule as Nuclio 1.14 does: five fields (minute, hour, day of month, month, day of week), optionally one
 * for seconds before them, or a descriptor such as `@hourly` or `@every 5m`; in UTC, or in the time zone of a prefix
 * `CRON_TZ=Europe/Berlin`.
 * @param fail throws, with why the schedule is none
 * @returns with what is surprising about it
 */
export function parseCronSchedule(text: string, fail: (why: string) => never): { rhythm: Rhythm; warning?: string } {
  const [, zone, rest = ''] = /^\s*(?:(?:CRON_)?TZ=(\S+)\s+)?(.*?)\s*$/s.exec(text) ?? [];
  if (rest.startsWith('@every '))
    return { rhythm: { kind: 'interval', milliseconds: everyInterval(rest.slice('@every '.length), fail) } };
  if (rest.startsWith('@')) {
    if (!DESCRIPTORS.has(rest)) fail(`'${rest}' is not one of ${[...DESCRIPTORS].join(', ')} and '@every <duration>'`);
    return { rhythm: times(rest, zone, fail) };
  }
  const fields = rest.split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6)
    fail(`it has ${rest === '' ? 0 : fields.length} fields, not 5, or 6 with seconds first`);
  const odd = fields.find((field) => !FIELD.test(field));
  if (odd !== undefined) fail(`'${odd}' is no field of numbers, names of three letters, '*', '-', ',' and '/'`);
  const week = fields.at(-1) ?? '';
  if (/(?:^|[,-])7|-sun/i.test(week)) fail(`Sunday is 0 or sun, the first day of the week, in '${week}'`);
  // One item that is all makes the field all, which matters where days of month and week are both given: either of them
  // is enough then.
  const pattern = fields.map((field) =>
    field.split(',').some((item) => /^[*?](?:\/1)?$/.test(item)) ? '*' : field.replaceAll('?', '*'),
  );
  if (fields.length === 5 || fields[0] !== '*') return { rhythm: times(pattern.join(' '), zone, fail) };
  const warning =
    "as in Nuclio, '*' for the seconds is 0: it ticks at most once a minute; for each second write 'interval: 1s' or '*/1'";
  return { rhythm: times(['0', ...pattern.slice(1)].join(' '), zone, fail), warning };
}

/** robfig/cron cuts `@every` to whole seconds, at least one. */
function everyInterval(text: string, fail: (why: string) => never): number {
  const milliseconds = parseGoDuration(text.trim());
  if (milliseconds === undefined || milliseconds <= 0)
    fail(`'${text.trim()}' is not a duration above zero, such as 30s or 1h30m`);
  return Math.max(1, Math.floor(milliseconds / 1000)) * 1000;
}

function times(pattern: string, zone: string | undefined, fail: (why: string) => never): Rhythm {
  try {
    const cron = new Cron(pattern, { timezone: zone ?? 'UTC', mode: '5-or-6-parts', sloppyRanges: true });
    if (cron.nextRun() === null) fail('such a day never comes');
    return { kind: 'times', next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return fail(
      zone !== undefined && /timezone/.test(error.message)
        ? `there is no time zone '${zone}'`
        : error.message.replace(/^CronPattern: /, ''),
    );
  }
}

/**
 * The tick after one that was due and is taken now. Ticks between the two are left out, so that nothing is made up for
 * after the machine slept; an interval keeps its phase.
 * @param due when the last tick was due, at most `now`; both on the rhythm's clock
 */
export function nextTick(rhythm: Rhythm, due: number, now: number): number {
  if (rhythm.kind === 'times') return rhythm.next(Math.max(due, now));
  return due + (Math.floor((now - due) / rhythm.milliseconds) + 1) * rhythm.milliseconds;
}
