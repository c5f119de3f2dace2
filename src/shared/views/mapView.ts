import type { TaskState } from '../api.ts';
import type { CallsView } from '../callApi.ts';
import type { Setup } from '../setupApi.ts';

/** The messages between the fusion map's page and its host: the editor's extension, or the page's own in a browser. */

/** A deployed Task. */
export interface DeployedTask {
  readonly name: string;
  readonly runtime: string;
  readonly state: TaskState;
}

/** Which calls to show. */
export interface MapFilter {
  /** So many seconds up to now; undefined for all calls. */
  readonly window: number | undefined;
  /** `current` for those of the setup in force, `all`, or the id of a setup. */
  readonly setup: string;
}

/** What the page shows. */
export interface ShownMap {
  readonly filter: MapFilter;
  readonly tasks: readonly DeployedTask[];
  /** The Fusion Groups in force. */
  readonly groups: Setup;
  readonly calls: CallsView;
}

/** What a person can do on the map. */
export type MapAction =
  /** Makes one Fusion Group of these Tasks. */
  | { readonly kind: 'fuse'; readonly tasks: readonly string[] }
  /** Takes a Task out of its group. */
  | { readonly kind: 'split'; readonly task: string }
  | { readonly kind: 'openTask'; readonly task: string };

/** A picture of the map. */
export interface MapPicture {
  readonly ending: 'svg' | 'png';
  /** SVG as it is, PNG as base64. */
  readonly content: string;
}

export interface MapHostSide {
  readonly requests: {
    /** The page has begun. */
    readonly ready: { readonly input: undefined; readonly output: ShownMap };
    /** Shows other calls from now on. */
    readonly filter: { readonly input: MapFilter; readonly output: ShownMap };
    /** The result is what happened, in words for a person; undefined if that is seen. */
    readonly act: { readonly input: MapAction; readonly output: string | undefined };
    /** Keeps a picture as a file. The result says where; undefined if the person did not want it. */
    readonly save: { readonly input: MapPicture; readonly output: string | undefined };
  };
  readonly events: Record<string, never>;
}

export interface MapPageSide {
  readonly requests: Record<string, never>;
  readonly events: {
    readonly show: ShownMap;
    /** Shows the calls of a Task, by its name. */
    readonly choose: string;
  };
}
