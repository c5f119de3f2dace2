import { editSchedule } from '../../../src/shared/board/scheduleEdits.ts';
import { applyEdits, type TextEdit } from '../../../src/shared/board/textEdit.ts';
import { Channel } from '../../../src/shared/views/channel.ts';
import type {
  LiveSchedule,
  ScheduleAction,
  ScheduleHostSide,
  SchedulePageSide,
} from '../../../src/shared/views/scheduleView.ts';

/**
 * Stands for the editor in a page of a browser: it has a text, and edits it by the same code as the extension. Tests
 * reach it as `window.host`.
 */
export class ScheduleHost {
  readonly channel: Channel<ScheduleHostSide, SchedulePageSide>;
  readonly acts: ScheduleAction[] = [];
  /** What a person answers next. */
  answers: unknown[] = [];
  text: string;
  live: LiveSchedule;
  #version = 1;
  #undo: string[] = [];

  constructor(text: string, live: LiveSchedule, send: (message: unknown) => void) {
    this.text = text;
    this.live = live;
    this.channel = new Channel<ScheduleHostSide, SchedulePageSide>(send, {
      requests: {
        ready: () => ({
          document: { version: this.#version, text: this.text },
          live: this.live,
          name: 'fusion.schedule.json',
        }),
        edit: (edit) => {
          const edits = editSchedule(this.text, edit);
          if (edits.length > 0) this.change(edits);
          return { version: this.#version };
        },
        undo: () => {
          const before = this.#undo.pop();
          if (before !== undefined) this.replace(before, false);
          return undefined;
        },
        redo: () => undefined,
        save: () => undefined,
        askSecond: () => this.answers.shift() as number | undefined,
        askTask: () => this.answers.shift() as string | undefined,
        act: (action) => {
          this.acts.push(action);
          return undefined;
        },
      },
      events: {},
    });
  }

  /** An edit, from the page or from elsewhere. */
  change(edits: readonly TextEdit[]): void {
    this.#undo.push(this.text);
    this.text = applyEdits(this.text, edits);
    this.#version += 1;
    const sorted = [...edits].sort((one, other) => other.offset - one.offset);
    this.channel.tell('changed', { version: this.#version, edits: sorted });
  }

  replace(text: string, isUndone = true): void {
    if (isUndone) this.#undo.push(this.text);
    const edits = [{ offset: 0, length: this.text.length, text }];
    this.text = text;
    this.#version += 1;
    this.channel.tell('changed', { version: this.#version, edits });
  }

  setLive(live: Partial<LiveSchedule>): void {
    this.live = { ...this.live, ...live };
    this.channel.tell('live', this.live);
  }
}

declare global {
  var host: ScheduleHost;
  var given: { text: string; live: LiveSchedule };
}

const { text, live } = globalThis.given;
globalThis.host = new ScheduleHost(text, live, (data) =>
  (globalThis as unknown as { postMessage(data: unknown): void }).postMessage(structuredClone(data)),
);
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (data: unknown) => globalThis.host.channel.receive(structuredClone(data)) }),
});
