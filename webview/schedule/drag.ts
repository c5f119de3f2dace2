import { drop } from './commands.ts';
import type { Target } from './place.ts';
import type { Picked, ScheduleStore } from './store.ts';

/** Pixels that the pointer moves before a press becomes a drag. */
const STILL = 5;
/** Pixels from an edge at which the board scrolls, and how far it does with each move. */
const EDGE = 48;
const SCROLL = 24;

/**
 * Drags what was pressed to where the pointer is released. A press without a move stays a click.
 * @param picked what is dragged
 */
export function startDrag(store: ScheduleStore, event: PointerEvent, picked: Picked, label: string): void {
  if (event.button !== 0) return;
  const { clientX, clientY } = event;
  let ghost: HTMLElement | undefined;
  const move = (now: PointerEvent): void => {
    if (ghost === undefined) {
      if (Math.hypot(now.clientX - clientX, now.clientY - clientY) < STILL) return;
      ghost = document.createElement('div');
      ghost.className = 'ghost';
      ghost.textContent = label;
      ghost.setAttribute('aria-hidden', 'true');
      document.body.append(ghost);
      store.pick(picked);
    }
    ghost.style.transform = `translate(${now.clientX + 8}px, ${now.clientY + 8}px)`;
    scrollAt(now);
    store.aim(targetAt(now));
  };
  const end = (put: Target | undefined): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', release);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('keydown', onKey, true);
    if (ghost === undefined) return;
    ghost.remove();
    if (put === undefined) store.pick(undefined);
    else void drop(store, put);
  };
  const release = (now: PointerEvent): void => end(targetAt(now));
  const cancel = (): void => end(undefined);
  const onKey = (key: KeyboardEvent): void => {
    if (key.key !== 'Escape') return;
    key.stopPropagation();
    end(undefined);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', release);
  window.addEventListener('pointercancel', cancel);
  window.addEventListener('keydown', onKey, true);
}

/** The place under the pointer, by the attributes of its element. */
function targetAt({ clientX, clientY }: PointerEvent): Target | undefined {
  const found = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-to]');
  const { to, key, nth } = found?.dataset ?? {};
  if (to === undefined || key === undefined) return undefined;
  return { entry: { key, nth: Number(nth) }, to: to === 'new' || to === 'none' ? to : Number(to) };
}

function scrollAt({ clientX, clientY }: PointerEvent): void {
  const board = document.querySelector('.board');
  if (board === null) return;
  const { left, right, top, bottom } = board.getBoundingClientRect();
  board.scrollBy(
    clientX < left + EDGE ? -SCROLL : clientX > right - EDGE ? SCROLL : 0,
    clientY < top + EDGE ? -SCROLL : clientY > bottom - EDGE ? SCROLL : 0,
  );
}
