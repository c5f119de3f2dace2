import { Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatSeconds } from '../kit/format.ts';
import { Notice, useStore } from '../kit/page.tsx';
import { useTick } from '../kit/tick.ts';
import { Column } from './column.tsx';
import { putTask } from './commands.ts';
import { startDrag } from './drag.ts';
import { Broken, Live, Toolbar } from './head.tsx';
import { onBoardKey } from './keyboard.ts';
import { COLUMN, clockPlace, columnsBetween } from './layout.ts';
import { isSameRef, placeKey, placesOf } from './place.ts';
import type { ScheduleStore } from './store.ts';

/** The whole page. */
export function SchedulePage({ store }: { store: ScheduleStore }) {
  useStore(store);
  const errors = store.faults.filter(({ severity }) => severity === 'error').length;
  const warnings = store.faults.length - errors;
  return (
    <main class={`page${store.fault ? ' is-broken' : ''}`}>
      <header>
        <h1>{store.name}</h1>
        <Live store={store} />
        {store.faults.length > 0 && (
          <span class="count">{[count(errors, 'error'), count(warnings, 'warning')].filter(Boolean).join(', ')}</span>
        )}
      </header>
      {store.fault && <Broken store={store} />}
      <Notice store={store} />
      <Toolbar store={store} />
      <div class="body" inert={store.fault !== undefined}>
        <Board store={store} />
        <Tasks store={store} />
      </div>
    </main>
  );
}

const count = (number: number, what: string): string =>
  number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`;

/** Where the clock is on the time axis. */
function ClockMark({ store }: { store: ScheduleStore }) {
  const { live } = store;
  useTick(live?.isRunning === true);
  const x = live?.isFollowed ? clockPlace(store.layout, store.entries, store.seconds) : undefined;
  return x === undefined ? null : <div class="now-mark" style={{ left: `${x}px` }} aria-hidden="true" />;
}

function Board({ store }: { store: ScheduleStore }) {
  const board = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ left: 0, width: 0 });
  const { columns, width } = store.layout;
  useLayoutEffect(() => {
    const element = board.current;
    if (element === null) return undefined;
    const look = (): void => setView({ left: element.scrollLeft, width: element.clientWidth });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, []);
  /** The wish that was met last. */
  const met = useRef(0);
  useLayoutEffect(() => {
    const { cursor, focusWanted } = store;
    if (focusWanted === met.current || cursor === undefined || board.current === null) return;
    const at = columns.find(({ index }) => isAt(store, index));
    if (at) reveal(board.current, at.x);
    // Its column may not be drawn yet: this runs again when the board has scrolled there.
    const element = document.querySelector<HTMLElement>(`[data-place=${JSON.stringify(placeKey(cursor))}]`);
    if (element === null) return;
    met.current = focusWanted;
    element.focus();
  });
  const near = columnsBetween(columns, view.left - COLUMN, view.left + view.width + COLUMN);
  // The column with the focus stays, wherever the board is scrolled to: the keyboard would lose its place.
  const own = columns.find(({ index }) => isAt(store, index));
  const seen = own === undefined || near.includes(own) ? near : [...near, own];
  const first = columns[0] && store.entries[columns[0].index];
  if (store.cursor === undefined && first) store.cursor = placesOf(first)[0];
  return (
    <div
      class="board"
      ref={board}
      role="application"
      aria-label="Schedule: entries over time. Arrows move, Enter picks up."
      onKeyDown={(event) => {
        if (!onBoardKey(store, event)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {store.entries.length === 0 ? (
        <p class="hint">
          This schedule has no entry yet. Add one: it says which Tasks run together from its second on.
        </p>
      ) : (
        <div class="axis" style={{ width: `${width}px` }}>
          <ClockMark store={store} />
          {seen.map((at) => {
            const entry = store.entries[at.index];
            if (entry === undefined) return null;
            return (
              <Fragment key={`${entry.key} ${entry.nth}`}>
                {at.gap !== undefined && (
                  <div
                    class={`gap${at.isBreak ? ' break' : ''}`}
                    style={{ left: `${at.x - at.space}px`, width: `${at.space}px` }}
                    aria-hidden="true"
                  >
                    {`${at.isBreak ? '⋯ ' : ''}${formatSeconds(at.gap)}`}
                  </div>
                )}
                <Column store={store} entry={entry} at={at} />
              </Fragment>
            );
          })}
        </div>
      )}
    </div>
  );
}

/** Whether the focus is in the entry with this index. */
function isAt({ cursor, entries }: ScheduleStore, index: number): boolean {
  const entry = entries[index];
  return cursor !== undefined && entry !== undefined && isSameRef(entry, cursor.entry);
}

function reveal(board: HTMLElement, x: number): void {
  const { scrollLeft, clientWidth } = board;
  if (x < scrollLeft) board.scrollLeft = x;
  else if (x + COLUMN > scrollLeft + clientWidth) board.scrollLeft = x + COLUMN - clientWidth;
}

/** All Tasks, to be dragged onto the board. Pressed, one gets a group of its own in the entry that has the focus. */
function Tasks({ store }: { store: ScheduleStore }) {
  const tasks = store.live?.tasks ?? [];
  return (
    <aside aria-label="Tasks">
      <h2>Tasks</h2>
      {tasks.length === 0 && <p class="hint">No Task is deployed, and the workspace has none.</p>}
      <ul>
        {tasks.map(({ name, runtime, state, isDeployed }, index) => (
          <li key={name}>
            <button
              type="button"
              class={`task${isDeployed ? '' : ' absent'}`}
              tabIndex={index === 0 ? 0 : -1}
              title={store.cursor && `Add ${name} to the entry ${store.cursor.entry.key}`}
              onPointerDown={(event) => startDrag(store, event, { kind: 'task', task: name }, name)}
              onClick={() => store.cursor && void putTask(store, name, { entry: store.cursor.entry, to: 'new' })}
              onKeyDown={(event) => step(event)}
            >
              <span class="task-name">{name}</span>{' '}
              <span class="task-state">{[runtime, state].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** Up and Down lead through a list of buttons, of which the Tab key finds one. */
function step(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const by = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' } as const;
  const item = event.currentTarget.closest('li');
  const next = event.key === 'ArrowUp' || event.key === 'ArrowDown' ? item?.[by[event.key]] : undefined;
  next?.querySelector('button')?.focus();
}
