import { drag } from '../kit/drag.ts';
import { drop } from './commands.ts';
import type { Target } from './place.ts';
import type { Picked, ScheduleStore } from './store.ts';

/**
 * Drags a Task or a group to where the pointer is released.
 * @param picked what is dragged
 */
export function startDrag(store: ScheduleStore, event: PointerEvent, picked: Picked, label: string): void {
  drag(event, {
    label,
    scroller: '.board',
    begin: () => store.pick(picked),
    aim: (at) => {
      store.aim(targetAt(at));
      return undefined;
    },
    drop: (at) => {
      const put = targetAt(at);
      if (put === undefined) store.pick(undefined);
      else void drop(store, put);
    },
    cancel: () => store.pick(undefined),
  });
}

/** The place under the pointer, by the attributes of its element. */
function targetAt({ clientX, clientY }: PointerEvent): Target | undefined {
  const found = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-to]');
  const { to, key, nth } = found?.dataset ?? {};
  if (to === undefined || key === undefined) return undefined;
  return { entry: { key, nth: Number(nth) }, to: to === 'new' || to === 'none' ? to : Number(to) };
}
