import { boardChanges, type EntryChanges } from '../../src/shared/board/boardChanges.ts';
import { type BoardFault, boardFaults } from '../../src/shared/board/boardFaults.ts';
import { type BoardEntry, type BrokenJson, readScheduleDocument } from '../../src/shared/board/scheduleDocument.ts';
import type { ScheduleEdit } from '../../src/shared/board/scheduleEdits.ts';
import { applyEdits, type TextEdit } from '../../src/shared/board/textEdit.ts';
import { messageOf } from '../../src/shared/errors.ts';
import type { Channel } from '../../src/shared/views/channel.ts';
import type {
  LiveSchedule,
  ScheduleAction,
  ScheduleHostSide,
  SchedulePageSide,
} from '../../src/shared/views/scheduleView.ts';
import { announce } from '../kit/announce.ts';
import { type BoardLayout, layoutOf } from './layout.ts';
import { type Place, placeAfter, type Target } from './place.ts';

/** What is being moved: a Task, from an entry or from the list beside the board, or a group. */
export type Picked =
  | { readonly kind: 'task'; readonly task: string }
  | { readonly kind: 'group'; readonly from: Place; readonly tasks: readonly string[] };

/** The state of the page. The text is the host's; nothing is kept here that the text does not have. */
export class ScheduleStore {
  readonly #listeners = new Set<() => void>();
  #channel: Channel<SchedulePageSide, ScheduleHostSide> | undefined;
  #text = '';
  #version = -1;
  #isReading = false;
  name = '';
  /** Those of the last text that was JSON. */
  entries: readonly BoardEntry[] = [];
  layout: BoardLayout = layoutOf([]);
  changes: ReadonlyMap<number, EntryChanges> = new Map();
  faults: readonly BoardFault[] = [];
  fault: BrokenJson | undefined;
  live: LiveSchedule | undefined;
  /** When `live` came, in milliseconds of the page's clock. */
  liveAt = 0;
  cursor: Place | undefined;
  /** Grows when the focus has to go to the cursor. */
  focusWanted = 0;
  picked: Picked | undefined;
  target: Target | undefined;
  /** What went wrong last. */
  notice: string | undefined;

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the state from the host. */
  async begin(channel: Channel<SchedulePageSide, ScheduleHostSide>): Promise<void> {
    this.#channel = channel;
    await this.#read();
  }

  /** Takes the host's edits. If some are missing, the whole text is read again. */
  changeText(version: number, edits: readonly TextEdit[]): void {
    if (version <= this.#version) return;
    if (version !== this.#version + 1) {
      void this.#read();
      return;
    }
    // From the end to the start: each one has its place whatever the others do.
    this.#replace(version, applyEdits(this.#text, edits));
  }

  setLive(live: LiveSchedule): void {
    if (live.busy !== undefined && live.busy !== this.live?.busy) announce(live.busy);
    const { inForce } = live;
    if (inForce !== this.live?.inForce && inForce !== undefined && this.live !== undefined)
      announce(`The entry of second ${inForce} is in force`);
    this.live = live;
    this.liveAt = performance.now();
    this.#refault();
    this.#tell();
  }

  /** The seconds of the schedule's clock now. */
  get seconds(): number {
    const { seconds = 0, isRunning = false } = this.live ?? {};
    return isRunning ? seconds + (performance.now() - this.liveAt) / 1000 : seconds;
  }

  /** Moves the focus. */
  focus(place: Place | undefined): void {
    this.cursor = place;
    this.focusWanted += 1;
    this.#tell();
  }

  /** The focus has come to a place by itself, as with a click. */
  focused(place: Place): void {
    this.cursor = place;
    this.#tell();
  }

  pick(picked: Picked | undefined, target?: Target): void {
    this.picked = picked;
    this.target = picked && target;
    this.#tell();
  }

  aim(target: Target | undefined): void {
    this.target = target;
    this.#tell();
  }

  dismiss(): void {
    this.notice = undefined;
    this.#tell();
  }

  /**
   * Edits the text.
   * @param then where the focus goes once it is done
   * @param said what a screen reader says then
   */
  async edit(edit: ScheduleEdit, said: string, then?: Place): Promise<void> {
    this.pick(undefined);
    await this.#ask(async (channel) => {
      const { version } = await channel.request('edit', edit);
      if (version > this.#version) await this.#read();
      announce(said);
      this.focus(then === undefined ? this.cursor : placeAfter(then, this.entries));
    });
  }

  act(action: ScheduleAction): Promise<void> {
    return this.#ask(async (channel) => {
      await channel.request('act', action);
    });
  }

  run(name: 'undo' | 'redo' | 'save'): Promise<void> {
    return this.#ask(async (channel) => {
      await channel.request(name, undefined);
    });
  }

  /** Asks a person. Undefined if it was cancelled, or could not be asked. */
  async askSecond(title: string, value: number): Promise<number | undefined> {
    let answer: number | undefined;
    await this.#ask(async (channel) => {
      answer = await channel.request('askSecond', { title, value }, Number.POSITIVE_INFINITY);
    });
    return answer;
  }

  async askTask(title: string, names: readonly string[]): Promise<string | undefined> {
    let answer: string | undefined;
    await this.#ask(async (channel) => {
      answer = await channel.request('askTask', { title, names }, Number.POSITIVE_INFINITY);
    });
    return answer;
  }

  async #ask(work: (channel: Channel<SchedulePageSide, ScheduleHostSide>) => Promise<void>): Promise<void> {
    if (this.#channel === undefined) return;
    try {
      await work(this.#channel);
    } catch (error) {
      this.notice = messageOf(error);
      announce(this.notice);
      this.#tell();
    }
  }

  async #read(): Promise<void> {
    // Several changes at once need one look.
    if (this.#isReading) return;
    this.#isReading = true;
    await this.#ask(async (channel) => {
      const { document, live, name } = await channel.request('ready', undefined);
      this.name = name;
      this.live = live;
      this.liveAt = performance.now();
      this.#replace(document.version, document.text);
    });
    this.#isReading = false;
  }

  #replace(version: number, text: string): void {
    this.#version = version;
    this.#text = text;
    this.#show();
  }

  #show(): void {
    const document = readScheduleDocument(this.#text);
    this.fault = document.isBroken ? document.fault : undefined;
    if (!document.isBroken) {
      this.entries = document.entries;
      this.layout = layoutOf(this.entries);
      this.changes = boardChanges(this.entries);
      this.#refault();
      if (this.cursor) this.cursor = placeAfter(this.cursor, this.entries);
    }
    // What is being moved stays in the hand: where it goes is looked up when it is put down.
    this.#tell();
  }

  #refault(): void {
    this.faults = boardFaults(this.entries, this.live?.tasks);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
