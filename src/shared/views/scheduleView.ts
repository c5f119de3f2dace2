import type { KnownTask } from '../board/boardFaults.ts';
import type { ScheduleEdit } from '../board/scheduleEdits.ts';
import type { TextEdit } from '../board/textEdit.ts';

/** The messages between the schedule's page and its host: the editor's extension, or the page's own in a browser. */

/** The text that the page shows. */
export interface ScheduleText {
  /** Grows with each change. */
  readonly version: number;
  readonly text: string;
}

/** A Task in the list beside the board. */
export interface BoardTask extends KnownTask {
  readonly isDeployed: boolean;
  /** In words: `ready`, `not deployed`. */
  readonly state: string;
}

/** What runs now. It changes only when something happens, not by the second. */
export interface LiveSchedule {
  /** Whether the server follows this very schedule: else there is no clock to show. */
  readonly isFollowed: boolean;
  /** Why it is not followed, or what else is to be known; undefined where all is as expected. */
  readonly note: string | undefined;
  /** Whether changes wait to be saved; missing where the editor shows that itself. */
  readonly isUnsaved?: boolean;
  readonly isRunning: boolean;
  /** The clock's seconds when this was sent. It goes on from there while it runs. */
  readonly seconds: number;
  /** The seconds of the entries, undefined if there is none. */
  readonly inForce: number | undefined;
  readonly next: number | undefined;
  /** Entries that could not be applied, and why. */
  readonly failed: readonly { readonly second: number; readonly reason: string }[];
  /** What is being changed on the server at the moment, in words: `deploying taska + taskb`. */
  readonly busy: string | undefined;
  /** All Tasks, deployed or in the workspace, by name. */
  readonly tasks: readonly BoardTask[];
}

/** What a person can do about the schedule as a whole. */
export type ScheduleAction =
  | { readonly kind: 'apply'; readonly second: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'run' }
  | { readonly kind: 'restart' }
  /** The server follows this schedule from now on. */
  | { readonly kind: 'use' }
  | { readonly kind: 'openText'; readonly offset: number | undefined };

export interface ScheduleHostSide {
  readonly requests: {
    /** The page has begun: the text now, and what runs. */
    readonly ready: {
      readonly input: undefined;
      readonly output: { readonly document: ScheduleText; readonly live: LiveSchedule; readonly name: string };
    };
    /**
     * Changes the text. Edits are applied one after the other to the text as it then is; one that does not fit any more
     * fails, with the reason. The result is the version with it.
     */
    readonly edit: { readonly input: ScheduleEdit; readonly output: { readonly version: number } };
    readonly undo: { readonly input: undefined; readonly output: undefined };
    readonly redo: { readonly input: undefined; readonly output: undefined };
    readonly save: { readonly input: undefined; readonly output: undefined };
    /** Asks a person for the second of an entry. Undefined if it was cancelled. */
    readonly askSecond: {
      readonly input: { readonly title: string; readonly value: number };
      readonly output: number | undefined;
    };
    /** Asks a person for one of several Tasks. Undefined if it was cancelled. */
    readonly askTask: {
      readonly input: { readonly title: string; readonly names: readonly string[] };
      readonly output: string | undefined;
    };
    readonly act: { readonly input: ScheduleAction; readonly output: undefined };
  };
  readonly events: Record<string, never>;
}

export interface SchedulePageSide {
  readonly requests: Record<string, never>;
  readonly events: {
    /** The text changed: the edits of the version before this one, in the order in which they apply. */
    readonly changed: { readonly version: number; readonly edits: readonly TextEdit[] };
    readonly live: LiveSchedule;
    /** Puts the keyboard's focus on the board. */
    readonly focus: undefined;
  };
}
