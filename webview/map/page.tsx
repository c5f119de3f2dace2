import { useMemo, useRef } from 'preact/hooks';
import type { EdgeKind } from '../../src/shared/map/mapModel.ts';
import { formatCount } from '../kit/format.ts';
import { Notice, onSearchKey, useStore } from '../kit/page.tsx';
import { MapCanvas } from './canvas.tsx';
import { Details } from './details.tsx';
import { pictureOf } from './picture.ts';
import type { DrawnMap, MapStore } from './store.ts';

const WINDOWS: readonly (readonly [value: number | undefined, text: string])[] = [
  [undefined, 'All calls'],
  [3600, 'Last hour'],
  [600, 'Last 10 minutes'],
  [60, 'Last minute'],
];
const LEGEND: readonly (readonly [kind: EdgeKind, text: string])[] = [
  ['local', 'local: inside a function'],
  ['remote', 'remote: over the server'],
  ['async', 'asynchronous'],
];
/** How much a press of a button zooms. */
const ZOOM = 1.25;

/** The whole page. */
export function MapPage({ store }: { store: MapStore }) {
  useStore(store);
  const search = useRef<HTMLInputElement>(null);
  const { map } = store;
  // What the pointer is over changes nothing in it.
  const details = useMemo(() => map && <Details store={store} map={map} />, [store, map, store.chosen]);
  return (
    <main class="page" onKeyDown={(event) => onSearchKey(event, search)}>
      <h1 class="spoken">Fusion map</h1>
      <Notice store={store} />
      {map && <Toolbar store={store} map={map} search={search} />}
      {map && map.model.tasks.size === 0 && (
        <p class="hint">
          {map.model.isCurrent
            ? 'No Task is deployed. Deploy one, and it is shown here.'
            : 'No call of this setup is recorded any more.'}
        </p>
      )}
      {map && map.model.tasks.size > 0 && (
        <div class="body">
          <MapCanvas store={store} map={map} />
          {details}
        </div>
      )}
    </main>
  );
}

interface ToolbarProps {
  readonly store: MapStore;
  readonly map: DrawnMap;
  readonly search: preact.RefObject<HTMLInputElement | null>;
}

function Toolbar({ store, map, search }: ToolbarProps) {
  return (
    <div class="toolbar">
      <Filters store={store} map={map} />
      <fieldset class="zoom" aria-label="Zoom">
        <button
          type="button"
          aria-label="Zoom out"
          title="Zoom out (Ctrl+wheel)"
          onClick={() => store.zoomTo(store.zoom / ZOOM)}
        >
          −
        </button>
        <span class="soft">{Math.round(store.zoom * 100)} %</span>
        <button
          type="button"
          aria-label="Zoom in"
          title="Zoom in (Ctrl+wheel)"
          onClick={() => store.zoomTo(store.zoom * ZOOM)}
        >
          +
        </button>
        <button type="button" title="Shows the whole map" onClick={() => store.fit()}>
          Fit
        </button>
        <button
          type="button"
          title="Places everything anew: callers to the left of what they call"
          onClick={() => store.layOutAgain()}
        >
          Lay Out Again
        </button>
      </fieldset>
      <search class="search">
        <input
          type="search"
          ref={search}
          placeholder="Find a Task (/)"
          aria-label="Find a Task"
          onKeyDown={(event) => {
            if (event.key === 'Enter') store.find(event.currentTarget.value);
          }}
        />
      </search>
      <fieldset class="zoom" aria-label="Export">
        {(['svg', 'png'] as const).map((ending) => (
          <button
            type="button"
            title={`Saves the map as a picture, ${ending.toUpperCase()}`}
            onClick={() => {
              const svg = document.querySelector<SVGSVGElement>('svg.map');
              if (svg) void pictureOf(svg, ending).then((picture) => store.save(picture));
            }}
          >
            {`Export ${ending.toUpperCase()}`}
          </button>
        ))}
      </fieldset>
      <ul class="legend" aria-label="Lines">
        {LEGEND.map(([kind, text]) => (
          <li>
            <svg width="34" height="10" aria-hidden="true">
              <path class={`edge ${kind}`} d="M1,5 L31,5" marker-end={`url(#arrow-${kind})`} stroke-width="2" />
            </svg>
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Filters({ store, map: { shown } }: Pick<ToolbarProps, 'store' | 'map'>) {
  const { filter, calls } = shown;
  const earlier = calls.setups.filter(({ id }) => id !== calls.setup).reverse();
  return (
    <>
      <select
        aria-label="Calls"
        value={String(filter.window ?? '')}
        onChange={({ currentTarget: { value } }) =>
          void store.filter({ ...filter, window: value === '' ? undefined : Number(value) })
        }
      >
        {WINDOWS.map(([value, text]) => (
          <option value={String(value ?? '')}>{text}</option>
        ))}
      </select>
      <select
        aria-label="Setup"
        value={filter.setup}
        onChange={({ currentTarget: { value } }) => void store.filter({ ...filter, setup: value })}
      >
        <option value="current">Setup in force</option>
        <option value="all">All setups</option>
        {earlier.map(({ id, calls: count, last }) => (
          <option value={id}>
            {`${id}, until ${new Date(last).toLocaleTimeString()} (${formatCount(count)} calls)`}
          </option>
        ))}
      </select>
    </>
  );
}
