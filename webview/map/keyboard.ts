import type { Box } from '../../src/shared/map/mapLayout.ts';
import { announce } from '../kit/announce.ts';
import type { DrawnMap, MapStore } from './store.ts';

type Direction = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

/** Handles a key on the map. @returns whether it was one of the map's */
export function onMapKey(store: MapStore, event: KeyboardEvent): boolean {
  const { map, cursor } = store;
  if (event.ctrlKey || event.metaKey || event.altKey || map === undefined || cursor === undefined) return false;
  const { key } = event;
  switch (key) {
    case 'ArrowUp':
    case 'ArrowDown':
    case 'ArrowLeft':
    case 'ArrowRight':
      return go(store, nearest(map, cursor, key));
    case 'Home':
      return go(store, map.layout.groups[0]?.tasks[0]);
    case 'End':
      return go(store, map.layout.groups.at(-1)?.tasks.at(-1));
    case 'Enter':
      if (store.carried) store.putDown();
      else store.choose(store.chosen === cursor ? undefined : cursor);
      return true;
    case ' ':
      if (store.carried) store.putDown();
      else pickUp(store, cursor);
      return true;
    case 'Delete':
    case 'Backspace':
      if (!store.carried) store.pick(cursor);
      store.aim(undefined);
      store.putDown();
      return true;
    case 'Escape':
      return cancel(store);
    case 'o':
      void store.act({ kind: 'openTask', task: cursor });
      return true;
    default:
      return false;
  }
}

function go(store: MapStore, task: string | undefined): true {
  if (task !== undefined) store.goTo(task);
  return true;
}

function pickUp(store: MapStore, task: string): void {
  store.pick(task);
  announce(
    `${task} is picked up. Arrows choose a Task to fuse it with, Enter puts it down, ` +
      'Delete splits it out of its group, Escape puts it back.',
  );
}

function cancel(store: MapStore): boolean {
  if (store.carried) {
    store.pick(undefined);
    announce('Put back');
    return true;
  }
  if (store.chosen === undefined) return false;
  store.choose(undefined);
  return true;
}

/** The nearest Task in a direction; only if there is none, one that is more to the side than ahead. */
function nearest({ layout }: DrawnMap, from: string, direction: Direction): string | undefined {
  const own = layout.tasks[from];
  if (own === undefined) return undefined;
  const found = Object.entries(layout.tasks).flatMap(
    ([name, box]): { name: string; isAside: boolean; far: number }[] => {
      const [across, down] = [middle(box).x - middle(own).x, middle(box).y - middle(own).y];
      const ahead = { ArrowUp: -down, ArrowDown: down, ArrowLeft: -across, ArrowRight: across }[direction];
      const aside = Math.abs(direction === 'ArrowUp' || direction === 'ArrowDown' ? across : down);
      return name === from || ahead <= 1 ? [] : [{ name, isAside: aside > ahead, far: Math.hypot(ahead, aside) }];
    },
  );
  return found.sort((one, other) => Number(one.isAside) - Number(other.isAside) || one.far - other.far)[0]?.name;
}

const middle = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });
