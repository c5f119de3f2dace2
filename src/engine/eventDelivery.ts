import type { FunctionResponse, TriggerEvent } from '../platform/platform.ts';
import { messageOf } from '../shared/errors.ts';
import type { Task } from '../task/task.ts';
import { mergedKey } from './fuse/mergeTriggers.ts';
import type { Fusionizer } from './fusionizer.ts';
import type { RunningEvents } from './runningEvents.ts';

/** An event of one of a Task's own triggers. */
export type SourceEvent = Omit<TriggerEvent, 'trigger' | 'trace' | 'span'> & {
  /** The trigger's kind, and its name in the Task's function.yaml. */
  readonly trigger: { readonly kind: string; readonly name: string };
};

/** What became of an event: an answer, or the error of the platform. */
export interface Delivery {
  readonly function: string;
  readonly trace: string;
  readonly answer: FunctionResponse | undefined;
  readonly error: string | undefined;
}

/** Delivers events of triggers other than http to the functions that serve their Tasks (`src/triggers/source.ts`). */
export class EventDelivery {
  readonly #fusionizer: Fusionizer;
  readonly #events: RunningEvents;

  constructor(fusionizer: Fusionizer, events: RunningEvents) {
    this.#fusionizer = fusionizer;
    this.#events = events;
  }

  /** The Tasks that serve, and whose platform does not run their triggers itself. */
  tasks(): Task[] {
    return this.#fusionizer.taskNames
      .filter((name) => this.#fusionizer.route(name)?.fn.deliver !== undefined)
      .map((name) => this.#fusionizer.task(name));
  }

  /** @param listener is called in the step that moves traffic */
  onMove(listener: () => void): void {
    this.#fusionizer.onMove(listener);
  }

  /**
   * Delivers an event to the function that serves its Task now. It is an outer invocation and has a trace.
   * @returns undefined if no function serves the Task, or if its platform runs triggers itself
   */
  async deliver(event: SourceEvent): Promise<Delivery | undefined> {
    const { task, trigger } = event;
    const running = this.#fusionizer.route(task);
    if (running?.fn.deliver === undefined) return undefined;
    const inFlight = this.#events.begin(task, running, undefined, undefined, undefined);
    const { trace, span } = inFlight;
    const headers = {
      ...event.headers,
      'Task-Name': task,
      'Fusionizer-Server-Address': this.#events.serverHost,
      Traceparent: `00-${trace}-${span}-01`,
    };
    const merged = { kind: trigger.kind, name: mergedKey(task, trigger.name) };
    let answer: FunctionResponse | undefined;
    let error: string | undefined;
    try {
      answer = await running.fn.deliver({ ...event, trigger: merged, headers, trace, span }, inFlight);
    } catch (thrown) {
      error = messageOf(thrown);
    } finally {
      this.#events.end(inFlight, answer);
    }
    return { function: running.fn.name, trace, answer, error };
  }
}
