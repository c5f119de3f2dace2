import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A row of a tree grid. */
export interface GridRow {
  /** Unique among the rows. */
  readonly key: string;
  /** From 1. */
  readonly level: number;
  /** Undefined for a row with nothing below it. */
  readonly isOpen: boolean | undefined;
  /** What a screen reader says of the row. */
  readonly label: string;
  readonly className?: string;
}

export interface TreeGridProps<Row extends GridRow> {
  readonly label: string;
  readonly rows: readonly Row[];
  /** Pixels; all rows are equally high. */
  readonly rowHeight: number;
  /** The key of the row that has the focus, or would get it. */
  readonly cursor: string | undefined;
  /** Grows when the focus has to go to the cursor. */
  readonly focusWanted: number;
  readonly onCursor: (row: Row) => void;
  readonly onOpen: (row: Row, isOpen: boolean) => void;
  /** Keys that the grid has no use for. @returns whether it was used */
  readonly onKey: (row: Row, event: KeyboardEvent) => boolean;
  readonly cells: (row: Row) => readonly ComponentChildren[];
}

/** Rows that are drawn beyond the edges, so that scrolling never shows blank ones. */
const BEYOND = 12;

/**
 * Rows of a tree with columns, of which only those in sight are drawn. The focus is on one row, and the arrows move it,
 * as the ARIA Authoring Practices describe a treegrid. It scrolls by itself.
 */
export function TreeGrid<Row extends GridRow>(props: TreeGridProps<Row>) {
  const { rows, rowHeight, cursor, focusWanted } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, []);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === cursor),
  );
  const met = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (focusWanted === met.current || element === null || rows.length === 0) return;
    met.current = focusWanted;
    reveal(element, at * rowHeight, rowHeight);
    element.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const from = Math.max(0, Math.floor(view.top / rowHeight) - BEYOND);
  const to = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + BEYOND);
  const seen = rows.slice(from, to).map((row, index) => ({ row, index: from + index }));
  // The row with the focus stays, wherever the grid is scrolled to: the keyboard would lose its place.
  const own = rows[at];
  if (own !== undefined && (at < from || at >= to)) seen.push({ row: own, index: at });
  return (
    <div class="grid-scroll" ref={scroller}>
      <div
        class="grid"
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={rows.length}
        style={{ height: `${rows.length * rowHeight}px` }}
        onKeyDown={(event) => {
          if (own === undefined || !onGridKey(props, own, at, event, view.height)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onClick={(event) => {
          const target = event.target as Element;
          const row = rows[Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'])];
          if (row === undefined) return;
          props.onCursor(row);
          if (row.isOpen !== undefined && target.closest('.twistie') !== null) props.onOpen(row, !row.isOpen);
        }}
      >
        {seen.map(({ row, index }) => (
          // Rows of a table cannot be put at a place of their own.
          // biome-ignore lint/a11y/useSemanticElements: see above
          <div
            key={row.key}
            class={`grid-row ${row.className ?? ''}${row.key === cursor ? ' cursor' : ''}`}
            role="row"
            aria-level={row.level}
            aria-expanded={row.isOpen}
            aria-rowindex={index + 1}
            aria-selected={row.key === cursor}
            aria-label={row.label}
            tabIndex={index === at ? 0 : -1}
            style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
            data-index={index}
            onFocus={() => row.key === cursor || props.onCursor(row)}
          >
            {props.cells(row).map((cell) => (
              // The row has the focus, as a whole.
              // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see above
              <div class="grid-cell" role="gridcell">
                {cell}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Scrolls no farther than is needed to see a row. */
function reveal(element: HTMLElement, top: number, height: number): void {
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + element.clientHeight)
    element.scrollTop = top + height - element.clientHeight;
}

function onGridKey<Row extends GridRow>(
  { rows, rowHeight, onCursor, onOpen, onKey }: TreeGridProps<Row>,
  row: Row,
  at: number,
  event: KeyboardEvent,
  height: number,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const go = (to: number): true => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (next) onCursor(next);
    return true;
  };
  switch (event.key) {
    case 'ArrowUp':
      return go(at - 1);
    case 'ArrowDown':
      return go(at + 1);
    case 'PageUp':
      return go(at - page);
    case 'PageDown':
      return go(at + page);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row.isOpen === false) onOpen(row, true);
      else if (row.isOpen) go(at + 1);
      return true;
    case 'ArrowLeft': {
      if (row.isOpen) onOpen(row, false);
      else if (row.level > 1) go(rows.findLastIndex((one, index) => index < at && one.level < row.level));
      return true;
    }
    default:
      return onKey(row, event);
  }
}
