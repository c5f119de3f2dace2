import { layoutAll, type MapLayout, type Placeable } from '../../src/shared/map/mapLayout.ts';
import { layoutNext, type Wanted } from '../../src/shared/map/mapPlaces.ts';

/** Lays out the map beside the page, which stays usable meanwhile. */

export interface LayoutRequest {
  readonly id: number;
  readonly what: Placeable;
  /** What the page shows; undefined to place everything anew. */
  readonly before: MapLayout | undefined;
  readonly wanted: Wanted;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: MapLayout;
}

self.onmessage = ({ data: { id, what, before, wanted } }: MessageEvent<LayoutRequest>) => {
  const layout = before === undefined ? layoutAll(what) : layoutNext(before, what, wanted);
  self.postMessage({ id, layout } satisfies LayoutAnswer);
};
