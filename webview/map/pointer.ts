import type { MapTask } from '../../src/shared/map/mapModel.ts';
import { drag } from '../kit/drag.ts';
import type { Carried, MapStore } from './store.ts';

const SCROLLER = '.scroller';

/** Drags a Task into a group, or out of its own. What would happen is written beside the pointer. */
export function startDrag(store: MapStore, event: PointerEvent, task: MapTask): void {
  event.stopPropagation();
  const { name } = task;
  drag(event, {
    label: name,
    scroller: SCROLLER,
    begin: () => {
      store.hover(undefined);
      store.pick(name);
    },
    aim: (at) => {
      store.aim(targetAt(at, task), false);
      return store.drop?.words;
    },
    drop: (at) => {
      store.aim(targetAt(at, task), false);
      store.putDown(placeAt(at));
    },
    cancel: () => store.pick(undefined),
  });
}

/** Moves the map by dragging what is behind it. */
export function pan(event: PointerEvent): void {
  const scroller = (event.currentTarget as Element | null)?.closest(SCROLLER);
  const isOnMap = (event.target as Element | null)?.closest('svg.map') != null;
  if (event.button !== 0 || event.pointerType === 'touch' || scroller == null || !isOnMap) return;
  const move = ({ movementX, movementY }: PointerEvent): void => scroller.scrollBy(-movementX, -movementY);
  const end = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', end);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', end);
  window.addEventListener('pointercancel', end);
}

/** Onto what a Task would be put under the pointer. Its own group is no place by itself. */
function targetAt({ clientX, clientY }: PointerEvent, { name, group }: MapTask): Carried['onto'] {
  const found = document.elementFromPoint(clientX, clientY);
  if (found == null || found.closest(SCROLLER) === null) return null;
  const own = found.closest<SVGElement>('[data-task]')?.dataset['task'];
  if (own !== undefined) return own;
  const first = found.closest<SVGElement>('[data-group]')?.dataset['group'];
  if (first === undefined) return group.length > 1 ? undefined : name;
  return group.includes(first) ? name : first;
}

/** A point in the map's own coordinates. */
function placeAt({ clientX, clientY }: PointerEvent): { x: number; y: number } | undefined {
  const svg = document.querySelector<SVGSVGElement>('svg.map');
  const matrix = svg?.getScreenCTM();
  if (matrix == null) return undefined;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return { x, y };
}
