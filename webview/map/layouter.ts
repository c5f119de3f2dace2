import script from 'worker:./layoutWorker.ts';
import type { MapLayout, Placeable } from '../../src/shared/map/mapLayout.ts';
import type { Wanted } from '../../src/shared/map/mapPlaces.ts';
import type { LayoutAnswer, LayoutRequest } from './layoutWorker.ts';

/** Asks the worker for layouts. */
export class Layouter {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(layout: MapLayout): void; reject(error: Error): void }>();
  #last = 0;

  constructor() {
    // An editor's page may not load a worker from its address.
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    this.#worker = new Worker(address);
    this.#worker.onmessage = ({ data: { id, layout } }: MessageEvent<LayoutAnswer>) => {
      performance.mark('answer');
      this.#waiting.get(id)?.resolve(layout);
      this.#waiting.delete(id);
    };
    this.#worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The map was not laid out: ${message}`));
      this.#waiting.clear();
    };
  }

  /**
   * @param before what is shown; undefined to place everything anew
   * @param wanted where a person put Tasks
   */
  layout(what: Placeable, before: MapLayout | undefined, wanted: Wanted): Promise<MapLayout> {
    this.#last += 1;
    const id = this.#last;
    performance.mark('ask');
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, what, before, wanted } satisfies LayoutRequest);
    });
  }
}
