import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { edgePath } from '../../src/shared/map/edgePath.ts';
import { MARGIN, type PlacedGroup } from '../../src/shared/map/mapLayout.ts';
import type { MapEdge } from '../../src/shared/map/mapModel.ts';
import { onMapKey } from './keyboard.ts';
import { pan } from './pointer.ts';
import type { DrawnMap, MapStore } from './store.ts';
import { TaskNode } from './taskNode.tsx';
import { edgeLabel, edgeWords } from './words.ts';

/** With more edges than this, only those of one Task have labels. */
const LABELS = 40;

/** The picture, which scrolls. */
export function MapCanvas({ store, map }: { store: MapStore; map: DrawnMap }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = sizeOf(map);
  useLayoutEffect(() => {
    const { clientWidth, clientHeight } = scroller.current ?? document.body;
    if (store.fitWanted > 0) store.zoomTo(Math.min(1, clientWidth / width, clientHeight / height));
  }, [store.fitWanted]);
  useEffect(() => {
    const at = store.cursor;
    if (store.focusWanted > 0 && at !== undefined)
      scroller.current?.querySelector<SVGElement>(`[data-task=${CSS.escape(at)}]`)?.focus();
  }, [store.focusWanted]);
  useEffect(() => {
    // Preact's own listeners for the wheel are passive: they could not keep the page from being zoomed.
    const zoom = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      store.zoomTo(store.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
    };
    const element = scroller.current;
    element?.addEventListener('wheel', zoom, { passive: false });
    return () => element?.removeEventListener('wheel', zoom);
  }, [store]);
  const { model, layout } = map;
  // In an order that no change of groups changes: an element that is put elsewhere loses the focus.
  const names = [...model.tasks.keys()].sort();
  return (
    // The keys of the Tasks in it.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      class="scroller"
      ref={scroller}
      onPointerDown={(event) => pan(event)}
      onKeyDown={(event) => {
        if (onMapKey(store, event)) event.preventDefault();
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no field sets */}
      <svg
        class={store.carried ? 'map carrying' : 'map'}
        width={width * store.zoom}
        height={height * store.zoom}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label="Fusion map"
      >
        <Arrows />
        {layout.groups.map((group) => group.tasks.length > 1 && <GroupFrame store={store} map={map} group={group} />)}
        <g>
          {model.edges.map((edge) => (
            <EdgeLine key={keyOf(edge)} store={store} map={map} edge={edge} />
          ))}
        </g>
        {names.map((name) => {
          const [task, box] = [model.tasks.get(name), layout.tasks[name]];
          return task && box && <TaskNode key={name} store={store} model={model} task={task} box={box} />;
        })}
        <g>
          {model.edges.map((edge) => (
            <EdgeLabel key={keyOf(edge)} store={store} map={map} edge={edge} />
          ))}
        </g>
      </svg>
    </div>
  );
}

export function sizeOf({ layout }: DrawnMap): { width: number; height: number } {
  const boxes = layout.groups.map(({ box }) => box);
  return {
    width: Math.max(200, ...boxes.map(({ x, width }) => x + width)) + 3 * MARGIN,
    height: Math.max(120, ...boxes.map(({ y, height }) => y + height)) + MARGIN,
  };
}

const keyOf = ({ from, to, kind }: MapEdge): string => `${from} ${to} ${kind}`;

/** Ends of lines, one for each kind of call. */
function Arrows() {
  return (
    <defs>
      {['local', 'remote', 'async'].map((kind) => (
        <marker
          id={`arrow-${kind}`}
          class={`arrow ${kind}`}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          {kind === 'async' ? <path d="M1,1 L9,5 L1,9" class="open" /> : <path d="M0,0 L10,5 L0,10 z" />}
        </marker>
      ))}
    </defs>
  );
}

function GroupFrame({ store, map, group }: { store: MapStore; map: DrawnMap; group: PlacedGroup }) {
  const { x, y, width, height } = group.box;
  const [first = ''] = group.tasks;
  const onto = store.carried?.onto;
  const isTarget = typeof onto === 'string' && group.tasks.includes(onto) && store.drop?.action?.kind === 'fuse';
  return (
    <g class={isTarget ? 'group target' : 'group'} data-group={first}>
      <rect x={x} y={y} width={width} height={height} rx="7" />
      <text x={x + 10} y={y + 15}>
        {`${group.tasks.length} fused${map.model.isCurrent ? '' : ', earlier'}`}
      </text>
    </g>
  );
}

interface EdgeProps {
  readonly store: MapStore;
  readonly map: DrawnMap;
  readonly edge: MapEdge;
}

function pathOf({ model, layout }: DrawnMap, edge: MapEdge) {
  const [from, to] = [layout.tasks[edge.from], layout.tasks[edge.to]];
  if (from === undefined || to === undefined) return undefined;
  const same = model.edges.filter(
    (one) => (one.from === edge.from && one.to === edge.to) || (one.from === edge.to && one.to === edge.from),
  );
  return edgePath(from, to, same.indexOf(edge));
}

/** The Task whose edges are to be seen best. */
const shownOf = ({ hovered, chosen }: MapStore): string | undefined => hovered ?? chosen;

function EdgeLine({ store, map, edge }: EdgeProps) {
  const line = pathOf(map, edge);
  if (line === undefined) return null;
  const shown = shownOf(store);
  const isFaint = shown !== undefined && edge.from !== shown && edge.to !== shown;
  return (
    <path
      class={`edge ${edge.kind}${edge.failed > 0 ? ' failing' : ''}${isFaint ? ' faint' : ''}`}
      d={line.path}
      stroke-width={Math.min(4.5, 1.3 + Math.log10(edge.count) * 0.7)}
      marker-end={`url(#arrow-${edge.kind})`}
    >
      <title>{edgeWords(edge)}</title>
    </path>
  );
}

function EdgeLabel({ store, map, edge }: EdgeProps) {
  const shown = shownOf(store);
  const isOwn = shown !== undefined && (edge.from === shown || edge.to === shown);
  if (!isOwn && (shown !== undefined || map.model.edges.length > LABELS)) return null;
  const line = pathOf(map, edge);
  if (line === undefined) return null;
  return (
    <text class={edge.failed > 0 ? 'edge-label failing' : 'edge-label'} x={line.label.x} y={line.label.y - 3}>
      {edgeLabel(edge)}
    </text>
  );
}
