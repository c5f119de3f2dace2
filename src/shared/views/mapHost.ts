import type { TaskView } from '../api.ts';
import type { CallsView } from '../callApi.ts';
import type { Setup } from '../setupApi.ts';
import type { MapFilter, ShownMap } from './mapView.ts';
import { RefreshPace } from './refreshPace.ts';

/** What a host of the map needs of the server, by whatever client it has. */
export interface MapApi {
  tasks(): Promise<readonly TaskView[]>;
  groups(): Promise<Setup>;
  calls(filter: { readonly window: number | undefined; readonly setup: string | undefined }): Promise<CallsView>;
}

/** Milliseconds after which calls may have left the window. */
const AGE = 10_000;

/** The map that a page shows, read from a server: the same in the editor and in a browser. */
export class MapHost {
  readonly #api: MapApi;
  readonly #pace: RefreshPace;
  readonly #aging: ReturnType<typeof setInterval>;
  #filter: MapFilter = { window: undefined, setup: 'current' };
  #shown = '';
  #reads = 0;

  /** @param changed gets what is shown when it has changed */
  constructor(api: MapApi, changed: (shown: ShownMap) => void) {
    this.#api = api;
    const refresh = (): void => {
      const { reads, shown } = { reads: this.#reads, shown: this.#shown };
      this.#read().then(
        (next) => {
          // What was asked for meanwhile is newer.
          if (this.#reads === reads + 1 && this.#shown !== shown) changed(next);
        },
        // If the server has gone, what is shown stays.
        () => undefined,
      );
    };
    this.#pace = new RefreshPace(refresh);
    this.#aging = setInterval(() => this.#filter.window !== undefined && refresh(), AGE);
  }

  /** Notes that something may have changed: it is read soon. */
  note(): void {
    this.#pace.note();
  }

  /** @param filter which calls to show from now on; as before without it */
  show(filter: MapFilter = this.#filter): Promise<ShownMap> {
    this.#filter = filter;
    return this.#read();
  }

  /** Reads nothing more. */
  close(): void {
    this.#pace.dispose();
    clearInterval(this.#aging);
  }

  async #read(): Promise<ShownMap> {
    this.#reads += 1;
    const filter = this.#filter;
    const { window, setup } = filter;
    const [tasks, groups, calls] = await Promise.all([
      this.#api.tasks(),
      this.#api.groups(),
      this.#api.calls({ window, setup: setup === 'all' ? undefined : setup }),
    ]);
    const shown: ShownMap = {
      filter,
      tasks: tasks.map(({ name, runtime, state }) => ({ name, runtime, state })),
      groups,
      calls,
    };
    this.#shown = JSON.stringify(shown);
    return shown;
  }
}
