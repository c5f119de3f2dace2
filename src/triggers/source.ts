import type { LogLevel } from '../shared/api.ts';
import type { Task } from '../task/task.ts';

/** An event of one of a Task's triggers. The handler gets these values unchanged. */
export interface SourceEvent {
  readonly task: string;
  /** The trigger's kind, and its name in the Task's function.yaml. */
  readonly trigger: { readonly kind: string; readonly name: string };
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly contentType: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly body: Buffer;
}

/** What became of an event: an answer, or the error of the platform. */
export interface Delivery {
  readonly function: string;
  readonly trace: string;
  readonly answer: { readonly status: number; readonly body: Buffer | string } | undefined;
  readonly error: string | undefined;
}

/** What a source of events needs of the engine. */
export interface EventTarget {
  /** The Tasks whose triggers the server runs now. */
  tasks(): readonly Task[];
  /**
   * Delivers an event as an outer invocation to the function that serves its Task now. Never rejects for the event's
   * failure.
   * @returns undefined if no function serves the Task
   */
  deliver(event: SourceEvent): Promise<Delivery | undefined>;
  /** @param listener is called in the step that moves traffic */
  onMove(listener: () => void): void;
}

/** Writes a log record of the server's own that is shown with a Task's. */
export type TaskLog = (
  task: string,
  level: LogLevel,
  message: string,
  about?: { readonly function: string; readonly trace: string },
) => void;
