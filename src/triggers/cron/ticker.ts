import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../shared/errors.ts';
import type { Task } from '../../task/task.ts';
import { nextTick } from '../../task/triggers/cronSchedule.ts';
import { type CronTrigger, cronTriggersOf, readCronTrigger } from '../../task/triggers/cronTrigger.ts';
import type { Trigger } from '../../task/yaml/functionYaml.ts';

/**
 * The longest sleep of a timer, in milliseconds. A timer stands still while the machine sleeps, so the time is checked
 * at least this often.
 */
const LONGEST_SLEEP = 30_000;

export interface TickerOptions {
  /** The Tasks whose cron triggers tick now. */
  tasks(): readonly Task[];
  /** Sends one event; resolves when it has ended. Never rejects. */
  fire(task: string, trigger: CronTrigger): Promise<void>;
  /** Ticks that were left out, or a trigger that cannot tick. */
  report(task: string, message: string): void;
  /** A monotonic time in milliseconds, which intervals follow. */
  now?(): number;
}

/** One running cron trigger of a Task. */
interface Beat {
  readonly task: string;
  readonly key: string;
  readonly attributes: Trigger['attributes'];
  stop(): void;
}

/**
 * The beats of cron triggers. A beat belongs to a Task that serves, not to a function: switches between functions
 * neither stop nor restart it, so no switch misses or doubles a tick. A trigger whose attributes changed starts anew. A
 * trigger that is gone stops.
 */
export class Ticker {
  readonly #options: TickerOptions;
  #beats: Beat[] = [];
  #running = false;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  /** @returns stops all beats; events that run go on */
  start(): () => void {
    this.#running = true;
    this.refresh();
    return () => {
      this.#running = false;
      for (const beat of this.#beats.splice(0)) beat.stop();
    };
  }

  /** Reads again which Tasks serve. To be called in the step that moves traffic. */
  refresh(): void {
    if (!this.#running) return;
    const before = new Set(this.#beats);
    this.#beats = this.#options.tasks().flatMap((task) =>
      cronTriggersOf(task.config).flatMap(([key, trigger]) => {
        const same = [...before].find(
          (beat) =>
            beat.task === task.name && beat.key === key && isDeepStrictEqual(beat.attributes, trigger.attributes),
        );
        if (same && before.delete(same)) return [same];
        return this.#beat(task.name, key, trigger) ?? [];
      }),
    );
    for (const beat of before) beat.stop();
  }

  /** Undefined for a trigger of a saved Task that an earlier version accepted, and this one does not. */
  #beat(task: string, key: string, trigger: Trigger): Beat | undefined {
    try {
      return this.#run(task, readCronTrigger(key, trigger), trigger.attributes);
    } catch (error) {
      this.#options.report(task, messageOf(error));
      return undefined;
    }
  }

  #run(task: string, trigger: CronTrigger, attributes: Trigger['attributes']): Beat {
    const { rhythm } = trigger;
    const now = rhythm.kind === 'interval' ? (this.#options.now ?? (() => performance.now())) : () => Date.now();
    const started = now();
    let due = nextTick(rhythm, started, started);
    let timer: NodeJS.Timeout;
    let busy = false;
    let reported = false;
    const wait = (): void => {
      timer = setTimeout(check, Math.min(Math.max(0, due - now()), LONGEST_SLEEP)).unref();
    };
    const check = (): void => {
      const time = now();
      if (time >= due) {
        const next = nextTick(rhythm, due, time);
        const missed = nextTick(rhythm, due, due) < next;
        if (missed)
          this.#options.report(
            task,
            `The cron trigger '${trigger.key}' ticks ${Math.round(time - due)} ms late; the ticks since then are ` +
              'left out',
          );
        due = next;
        wait();
        tick();
      } else wait();
    };
    const tick = (): void => {
      if (busy) {
        if (!reported)
          this.#options.report(
            task,
            `A tick of the cron trigger '${trigger.key}' is left out, and those that follow, until its last event ` +
              'has ended',
          );
        reported = true;
        return;
      }
      busy = true;
      reported = false;
      void this.#options.fire(task, trigger).then(() => {
        busy = false;
      });
    };
    wait();
    return { task, key: trigger.key, attributes, stop: () => clearTimeout(timer) };
  }
}
