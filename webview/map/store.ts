import { messageOf } from '../../src/shared/errors.ts';
import { type Drop, dropOf } from '../../src/shared/map/mapDrop.ts';
import type { MapLayout, Placeable } from '../../src/shared/map/mapLayout.ts';
import { type MapEdge, type MapModel, mapModel } from '../../src/shared/map/mapModel.ts';
import type { Wanted } from '../../src/shared/map/mapPlaces.ts';
import type { Channel } from '../../src/shared/views/channel.ts';
import type {
  MapAction,
  MapFilter,
  MapHostSide,
  MapPageSide,
  MapPicture,
  ShownMap,
} from '../../src/shared/views/mapView.ts';
import { announce } from '../kit/announce.ts';
import type { Layouter } from './layouter.ts';

/** What is drawn: calls and places that belong together. */
export interface DrawnMap {
  readonly shown: ShownMap;
  readonly model: MapModel;
  readonly layout: MapLayout;
}

/** A Task that was picked up, and where it would be put. */
export interface Carried {
  readonly task: string;
  /** The Task whose group it would join; undefined for a place by itself, null for no place at all. */
  readonly onto: string | null | undefined;
}

const [SMALLEST, LARGEST] = [0.1, 2.5];

/** The state of the page. */
export class MapStore {
  readonly #layouter: Layouter;
  readonly #listeners = new Set<() => void>();
  #channel: Channel<MapPageSide, MapHostSide> | undefined;
  #wanted: Wanted = {};
  #shows = 0;
  #hasHadCalls = false;
  #chosenSoon: string | undefined;
  map: DrawnMap | undefined;
  /** The Task that the keyboard is at. */
  cursor: string | undefined;
  /** Grows when the focus has to go to the cursor. */
  focusWanted = 0;
  /** The Task whose calls are shown. */
  chosen: string | undefined;
  /** The Task under the pointer. */
  hovered: string | undefined;
  carried: Carried | undefined;
  zoom = 1;
  /** Grows when the zoom has to show the whole map. */
  fitWanted = 0;
  notice: string | undefined;

  constructor(layouter: Layouter) {
    this.#layouter = layouter;
  }

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what to show from the host. */
  async begin(channel: Channel<MapPageSide, MapHostSide>): Promise<void> {
    this.#channel = channel;
    await this.#try(async () => this.show(await channel.request('ready', undefined)));
  }

  /** Shows calls and groups as they are now. What did not change stays where it is. */
  async show(shown: ShownMap, isAnew = false): Promise<void> {
    this.#shows += 1;
    const show = this.#shows;
    const model = mapModel(shown);
    const before = this.map;
    // Until the first calls come, places mean nothing.
    const isFirst = isAnew || before === undefined || (!this.#hasHadCalls && model.edges.length > 0);
    await this.#try(async () => {
      const isSame = !isFirst && isSamePlaced(before.model, model);
      const layout = isSame
        ? before.layout
        : await this.#layouter.layout(placeableOf(model), isFirst ? undefined : before?.layout, this.#wanted);
      if (this.#shows !== show) return;
      if (!isSame) this.#wanted = {};
      this.#hasHadCalls ||= model.edges.length > 0;
      this.map = { shown, model, layout };
      this.#chooseWanted();
      if (isFirst) this.fitWanted += 1;
      const has = (name: string | undefined): boolean => name !== undefined && model.tasks.has(name);
      if (!has(this.chosen)) this.chosen = undefined;
      if (!has(this.hovered)) this.hovered = undefined;
      if (!has(this.cursor)) this.cursor = layout.groups[0]?.tasks[0];
      if (this.carried && !has(this.carried.task)) this.carried = undefined;
    });
    this.tell();
  }

  /** Places everything anew. */
  layOutAgain(): void {
    if (this.map) void this.show(this.map.shown, true);
  }

  async filter(filter: MapFilter): Promise<void> {
    await this.#try(async () => {
      const shown = await this.#channel?.request('filter', filter);
      if (shown) await this.show(shown);
    });
    this.tell();
  }

  /** Moves the keyboard's place, and the focus. */
  goTo(task: string): void {
    this.cursor = task;
    this.focusWanted += 1;
    if (this.carried) this.aim(task);
    this.tell();
  }

  /** Chooses a Task as soon as it is on the map. */
  chooseSoon(task: string): void {
    this.#chosenSoon = task;
    this.#chooseWanted();
    this.tell();
  }

  #chooseWanted(): void {
    const wanted = this.#chosenSoon;
    if (wanted === undefined || this.map?.model.tasks.has(wanted) !== true) return;
    this.#chosenSoon = undefined;
    this.chosen = wanted;
    this.cursor = wanted;
  }

  choose(task: string | undefined): void {
    this.chosen = task;
    if (task !== undefined) this.cursor = task;
    this.tell();
  }

  hover(task: string | undefined): void {
    // What is dragged over other Tasks is not about their calls.
    if (this.hovered === task || (task !== undefined && this.carried !== undefined)) return;
    this.hovered = task;
    this.tell();
  }

  pick(task: string | undefined): void {
    this.carried = task === undefined ? undefined : { task, onto: task };
    this.tell();
  }

  /** Where what was picked up would be put. @param onto as in Carried */
  aim(onto: Carried['onto'], isSpoken = true): void {
    if (this.carried === undefined || this.carried.onto === onto) return;
    this.carried = { ...this.carried, onto };
    const words = this.drop?.words;
    if (isSpoken && words !== undefined) announce(words);
    this.tell();
  }

  /** What putting it there would do. */
  get drop(): Drop | undefined {
    const { carried, map } = this;
    if (carried === undefined || map === undefined || carried.onto === null) return undefined;
    return dropOf(map.model, carried.task, carried.onto);
  }

  /** Puts down what was picked up. @param at where on the map, for a place by itself */
  putDown(at?: { readonly x: number; readonly y: number }): void {
    const { carried, drop } = this;
    this.carried = undefined;
    if (carried !== undefined && at !== undefined) this.#wanted = { [carried.task]: at };
    if (drop?.action !== undefined) void this.act(drop.action);
    else if (drop !== undefined && carried?.onto !== carried?.task) this.#say(drop.words);
    this.tell();
  }

  async act(action: MapAction): Promise<void> {
    await this.#try(async () => this.#say(await this.#channel?.request('act', action, Number.POSITIVE_INFINITY)));
    this.tell();
  }

  async save(picture: MapPicture): Promise<void> {
    await this.#try(async () => this.#say(await this.#channel?.request('save', picture, Number.POSITIVE_INFINITY)));
    this.tell();
  }

  zoomTo(zoom: number): void {
    this.zoom = Math.min(LARGEST, Math.max(SMALLEST, zoom));
    this.tell();
  }

  fit(): void {
    this.fitWanted += 1;
    this.tell();
  }

  dismiss(): void {
    this.notice = undefined;
    this.tell();
  }

  /** Goes to the next Task whose name has a text. */
  find(text: string): void {
    const wanted = text.trim().toLowerCase();
    const names = this.map?.layout.groups.flatMap(({ tasks }) => tasks) ?? [];
    const found = names.filter((name) => name.toLowerCase().includes(wanted));
    if (wanted === '' || found.length === 0) {
      announce('Nothing found');
      return;
    }
    const at = found.indexOf(this.chosen ?? '');
    const next = found[(at + 1) % found.length];
    this.choose(next);
    if (next !== undefined) announce(`${next}, ${((at + 1) % found.length) + 1} of ${found.length}`);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #say(words: string | undefined): void {
    this.notice = words;
    if (words !== undefined) announce(words);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#say(messageOf(error));
    }
  }
}

const placeableOf = ({ groups, edges }: MapModel): Placeable => ({
  groups,
  edges: edges.map(({ from, to }) => [from, to] as const),
});

/** Whether two maps have the same groups, so that nothing needs a new place. */
const isSamePlaced = (one: MapModel, other: MapModel): boolean =>
  JSON.stringify(one.groups) === JSON.stringify(other.groups);

/** The calls that a Task makes or gets. */
export const edgesOf = ({ edges }: MapModel, task: string): readonly MapEdge[] =>
  edges.filter(({ from, to }) => from === task || to === task);
