/** Pixels that the pointer moves before a press becomes a drag. */
const STILL = 5;
/** Pixels from an edge at which what scrolls does so, and how far it does with each move. */
const EDGE = 48;
const SCROLL = 24;

/** What a drag does with its page. */
export interface Dragging {
  /** What is written beside the pointer. */
  readonly label: string;
  /** The element that scrolls when the pointer is near its edge. */
  readonly scroller: string;
  begin(): void;
  /** The pointer is somewhere else. @returns what would happen there, beside the label */
  aim(at: PointerEvent): string | undefined;
  drop(at: PointerEvent): void;
  cancel(): void;
}

/** Drags what was pressed to where the pointer is released. A press without a move stays a click; Escape cancels. */
export function drag(event: PointerEvent, dragging: Dragging): void {
  if (event.button !== 0) return;
  const { clientX, clientY } = event;
  let ghost: HTMLElement | undefined;
  const move = (now: PointerEvent): void => {
    if (ghost === undefined) {
      if (Math.hypot(now.clientX - clientX, now.clientY - clientY) < STILL) return;
      ghost = document.createElement('div');
      ghost.className = 'ghost';
      ghost.setAttribute('aria-hidden', 'true');
      document.body.append(ghost);
      dragging.begin();
    }
    ghost.style.transform = `translate(${now.clientX + 8}px, ${now.clientY + 8}px)`;
    scrollAt(dragging.scroller, now);
    ghost.textContent = dragging.aim(now) ?? dragging.label;
  };
  const end = (at: PointerEvent | undefined): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', release);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('keydown', onKey, true);
    if (ghost === undefined) return;
    ghost.remove();
    if (at === undefined) dragging.cancel();
    else dragging.drop(at);
  };
  const release = (now: PointerEvent): void => end(now);
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

function scrollAt(selector: string, { clientX, clientY }: PointerEvent): void {
  const scroller = document.querySelector(selector);
  if (scroller === null) return;
  const { left, right, top, bottom } = scroller.getBoundingClientRect();
  scroller.scrollBy(
    clientX < left + EDGE ? -SCROLL : clientX > right - EDGE ? SCROLL : 0,
    clientY < top + EDGE ? -SCROLL : clientY > bottom - EDGE ? SCROLL : 0,
  );
}
