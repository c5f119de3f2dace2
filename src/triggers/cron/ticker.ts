import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../shared/errors.ts';
import type { Task } from '../../task/task.ts';
import { nextTick } from '../../task/triggers/cronSchedule.ts';
import { type CronTrigger, cronTriggersOf, readCronTrigger } from '../../task/triggers/cronTrigger.ts';
import type { Trigger } from '../../task/yaml/functionYaml.ts';

/**
 * The longest sleep of a timer, in milliseconds: a timer stands still while the machine sleeps, so the clock is looked
 * at again and again.
 */
const LOOK = 30_000;

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

interface Clock {
  readonly task: string;
  readonly key: string;
  readonly attributes: Trigger['attributes'];
  stop(): void;
}

/**
 * The clocks of cron triggers. A clock belongs to a Task that serves, not to a function: switches between functions
 * neither stop nor restart it, so no tick is missed or doubled by one. A trigger whose attributes changed starts anew;
 * one that is gone stops.
 */
export class Ticker {
  readonly #options: TickerOptions;
  #clocks: Clock[] = [];
  #running = false;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  /** @returns stops all clocks; events that run go on */
  start(): () => void {
    this.#running = true;
    this.refresh();
    return () => {
      this.#running = false;
      for (const clock of this.#clocks.splice(0)) clock.stop();
    };
  }

  /** Looks again at which Tasks serve: to be called in the step that moves traffic. */
  refresh(): void {
    if (!this.#running) return;
    const before = new Set(this.#clocks);
    this.#clocks = this.#options.tasks().flatMap((task) =>
      cronTriggersOf(task.config).flatMap(([key, trigger]) => {
        const same = [...before].find(
          (clock) =>
            clock.task === task.name && clock.key === key && isDeepStrictEqual(clock.attributes, trigger.attributes),
        );
        if (same && before.delete(same)) return [same];
        return this.#clock(task.name, key, trigger) ?? [];
      }),
    );
    for (const clock of before) clock.stop();
  }

  /** Undefined for a trigger that was saved by a server which took it, and that this one does not take. */
  #clock(task: string, key: string, trigger: Trigger): Clock | undefined {
    try {
      return this.#run(task, readCronTrigger(key, trigger), trigger.attributes);
    } catch (error) {
      this.#options.report(task, messageOf(error));
      return undefined;
    }
  }

  #run(task: string, trigger: CronTrigger, attributes: Trigger['attributes']): Clock {
    const { rhythm } = trigger;
    const now = rhythm.kind === 'interval' ? (this.#options.now ?? (() => performance.now())) : () => Date.now();
    const started = now();
    let due = nextTick(rhythm, started, started);
    let timer: NodeJS.Timeout;
    let busy = false;
    let told = false;
    const wait = (): void => {
      timer = setTimeout(look, Math.min(Math.max(0, due - now()), LOOK)).unref();
    };
    const look = (): void => {
      const time = now();
      if (time >= due) {
        const next = nextTick(rhythm, due, time);
        const missed = nextTick(rhythm, due, due) < next;
        if (missed)
          this.#options.report(
            task,
            `The cron trigger '${trigger.key}' ticks ${Math.round(time - due)} ms late; the ticks since then are left out`,
          );
        due = next;
        wait();
        tick();
      } else wait();
    };
    const tick = (): void => {
      if (busy) {
        if (!told)
          this.#options.report(
            task,
            `A tick of the cron trigger '${trigger.key}' is left out, and those that follow, until its last event has ended`,
          );
        told = true;
        return;
      }
      busy = true;
      told = false;
      void this.#options.fire(task, trigger).then(() => {
        busy = false;
      });
    };
    wait();
    return { task, key: trigger.key, attributes, stop: () => clearTimeout(timer) };
  }
}
