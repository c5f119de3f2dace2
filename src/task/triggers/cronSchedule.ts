import { Cron } from 'croner';
import { parseGoDuration } from '../goDuration.ts';

/** When the ticks of a cron trigger come: at times of the clock, or at an interval. */
export type Rhythm =
  | { readonly kind: 'interval'; readonly milliseconds: number }
  /** `next` returns the first time after `after`, both in Unix milliseconds; Infinity if there is none. */
  | { readonly kind: 'times'; next(after: number): number };

/** In milliseconds. A shorter interval would be a busy loop rather than a clock. */
export const SHORTEST_INTERVAL = 10;

/** The descriptors of robfig/cron 3.0.1, which Nuclio uses, besides `@every`. They are in lower case only there too. */
const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
/** A field in the dialect of robfig/cron. croner would also accept `L`, `W`, `#` and more, which fail on Nuclio. */
const VALUE = '(?:\\d{1,2}|[a-z]{3})';
const ITEM = `(?:[*?]|${VALUE}(?:-${VALUE})?)(?:/\\d+)?`;
const FIELD = new RegExp(`^${ITEM}(?:,${ITEM})*$`, 'i');

/**
 * Reads a schedule as Nuclio 1.14 does. It has five fields (minute, hour, day of month, month, day of week) with an
 * optional one for seconds before them, or is a descriptor such as `@hourly` or `@every 5m`. It is in UTC, or in the
 * time zone of a prefix `CRON_TZ=Europe/Berlin`.
 * @param fail throws; gets the reason why the text is not a schedule
 * @returns the rhythm, and a warning if it may surprise its author
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
    fail(`it has ${rest === '' ? 0 : fields.length} fields instead of 5, or 6 with seconds first`);
  const odd = fields.find((field) => !FIELD.test(field));
  if (odd !== undefined) fail(`'${odd}' is not a field of numbers, names of three letters, '*', '-', ',' and '/'`);
  const week = fields.at(-1) ?? '';
  if (/(?:^|[,-])7|-sun/i.test(week))
    fail(`'${week}' is not valid: Sunday is the first day of the week, write it as 0 or sun`);
  // One '*' in a list makes the whole field '*', as in robfig/cron. This matters if the schedule gives days of the
  // month and of the week: then a day has to match only one of them.
  const pattern = fields.map((field) =>
    field.split(',').some((item) => /^[*?](?:\/1)?$/.test(item)) ? '*' : field.replaceAll('?', '*'),
  );
  if (fields.length === 5 || fields[0] !== '*') return { rhythm: times(pattern.join(' '), zone, fail) };
  const warning =
    "as in Nuclio, '*' for the seconds means 0, so it ticks at most once a minute; " +
    "for each second write 'interval: 1s' or '*/1'";
  return { rhythm: times(['0', ...pattern.slice(1)].join(' '), zone, fail), warning };
}

/** robfig/cron rounds `@every` down to whole seconds, and at least to one. */
function everyInterval(text: string, fail: (why: string) => never): number {
  const milliseconds = parseGoDuration(text.trim());
  if (milliseconds === undefined || milliseconds <= 0)
    fail(`'${text.trim()}' is not a duration above zero, such as 30s or 1h30m`);
  return Math.max(1, Math.floor(milliseconds / 1000)) * 1000;
}

function times(pattern: string, zone: string | undefined, fail: (why: string) => never): Rhythm {
  try {
    const cron = new Cron(pattern, { timezone: zone ?? 'UTC', mode: '5-or-6-parts', sloppyRanges: true });
    if (cron.nextRun() === null) fail('this day does not exist');
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
 * The time of the next tick, after one that was due and runs now. Ticks between these two are skipped: after the
 * machine slept, nothing is caught up. An interval keeps its phase.
 * @param due when the last tick was due, at most `now`. Both are on the rhythm's clock.
 */
export function nextTick(rhythm: Rhythm, due: number, now: number): number {
  if (rhythm.kind === 'times') return rhythm.next(Math.max(due, now));
  return due + (Math.floor((now - due) / rhythm.milliseconds) + 1) * rhythm.milliseconds;
}
