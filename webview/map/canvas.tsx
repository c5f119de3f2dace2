import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { type EdgePath, edgePath } from '../../src/shared/map/edgePath.ts';
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
  // A zoom changes nothing in it.
  const drawn = useMemo(
    () => <Drawn store={store} map={map} />,
    [store, map, store.hovered, store.chosen, store.carried, store.cursor],
  );
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
        {drawn}
      </svg>
    </div>
  );
}

function sizeOf({ layout }: DrawnMap): { width: number; height: number } {
  const boxes = layout.groups.map(({ box }) => box);
  return {
    width: Math.max(200, ...boxes.map(({ x, width }) => x + width)) + 3 * MARGIN,
    height: Math.max(120, ...boxes.map(({ y, height }) => y + height)) + MARGIN,
  };
}

/** All that is in the picture: groups below lines, lines below Tasks. */
function Drawn({ store, map }: { store: MapStore; map: DrawnMap }) {
  const { model, layout } = map;
  const lines = useMemo(() => linesOf(map), [map]);
  // In an order that no change of groups changes: an element that is put elsewhere loses the focus.
  const names = [...model.tasks.keys()].sort();
  const shown = store.hovered ?? store.chosen;
  const isOf = ({ from, to }: MapEdge): boolean => from === shown || to === shown;
  const labelled = lines.filter(({ edge }) => (shown === undefined ? lines.length <= LABELS : isOf(edge)));
  return (
    <>
      <Arrows />
      {layout.groups.map((group) => group.tasks.length > 1 && <GroupFrame store={store} map={map} group={group} />)}
      <g>
        {lines.map(({ edge, key, path }) => (
          <EdgeLine key={key} edge={edge} path={path} isFaint={shown !== undefined && !isOf(edge)} />
        ))}
      </g>
      {names.map((name) => {
        const [task, box] = [model.tasks.get(name), layout.tasks[name]];
        return task && box && <TaskNode key={name} store={store} model={model} task={task} box={box} />;
      })}
      <g>
        {labelled.map(({ edge, key, label }) => (
          <text key={key} class={edge.failed > 0 ? 'edge-label failing' : 'edge-label'} x={label.x} y={label.y - 3}>
            {edgeLabel(edge)}
          </text>
        ))}
      </g>
    </>
  );
}

interface Line extends EdgePath {
  readonly edge: MapEdge;
  readonly key: string;
}

/** The lines of all edges: those of the same two Tasks run next to each other. */
function linesOf({ model, layout }: DrawnMap): readonly Line[] {
  const counts = new Map<string, number>();
  return model.edges.flatMap((edge): Line[] => {
    const [from, to] = [layout.tasks[edge.from], layout.tasks[edge.to]];
    if (from === undefined || to === undefined) return [];
    const pair = [edge.from, edge.to].sort().join(' ');
    const nth = counts.get(pair) ?? 0;
    counts.set(pair, nth + 1);
    return [{ edge, key: `${edge.from} ${edge.to} ${edge.kind}`, ...edgePath(from, to, nth) }];
  });
}

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

function EdgeLine({ edge, path, isFaint }: { edge: MapEdge; path: string; isFaint: boolean }) {
  return (
    <path
      class={`edge ${edge.kind}${edge.failed > 0 ? ' failing' : ''}${isFaint ? ' faint' : ''}`}
      d={path}
      stroke-width={Math.min(4.5, 1.3 + Math.log10(edge.count) * 0.7)}
      marker-end={`url(#arrow-${edge.kind})`}
    >
      <title>{edgeWords(edge)}</title>
    </path>
  );
}
