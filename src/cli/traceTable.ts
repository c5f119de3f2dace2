import type { TraceRecord } from '../shared/api.ts';
import { formatDuration } from '../shared/format.ts';
import { formatTime } from './format.ts';
import { type Column, printTable } from './table.ts';
import type { Terminal } from './terminal.ts';

const COLUMNS: Column[] = [
  { title: 'TIME' },
  { title: 'CALL', shrinks: true },
  { title: 'HOW' },
  { title: 'STATUS', right: true },
  { title: 'DURATION', right: true },
];
/** The fewest columns of a terminal for ids in a column of their own. Each has 32 characters. */
const WIDE = 110;

/**
 * Prints records in their order. Ids are whole: on a narrow terminal, one stands above the records of its trace instead
 * of behind each of them.
 */
export function printTraces(terminal: Terminal, records: readonly TraceRecord[]): void {
  const rows = records.map((record) => rowOf(record, callOf(record)));
  if (terminal.width === undefined || terminal.width >= WIDE) {
    const ids = records.map(({ trace }) => trace);
    printTable(
      terminal,
      [...COLUMNS, { title: 'TRACE' }],
      rows.map((row, index) => [...row, ids[index] ?? '']),
    );
    return;
  }
  const headings = records.map(({ trace }, index) => (trace === records[index - 1]?.trace ? undefined : trace));
  printTable(terminal, COLUMNS, rows, headings);
}

/** Prints each trace as a tree: a call stands below the event that made it. */
export function printTrees(terminal: Terminal, records: readonly TraceRecord[]): void {
  const ids = [...new Set(records.map(({ trace }) => trace))];
  const ordered = ids.flatMap((id) => treeOf(records.filter(({ trace }) => trace === id)));
  const headings = ordered.map(({ record }, index) =>
    record.trace === ordered[index - 1]?.record.trace ? undefined : record.trace,
  );
  const rows = ordered.map(({ record, depth }) =>
    rowOf(record, '  '.repeat(depth) + (record.request ?? record.callee)),
  );
  printTable(terminal, COLUMNS, rows, headings);
}

interface Branch {
  record: TraceRecord;
  depth: number;
}

function treeOf(records: readonly TraceRecord[]): Branch[] {
  const spans = new Set(records.map(({ span }) => span));
  const shown = new Set<TraceRecord>();
  const walk = (record: TraceRecord, depth: number): Branch[] => {
    // A client can send any ids, also some that form a circle.
    if (shown.has(record)) return [];
    shown.add(record);
    const calls = records.filter(({ parent }) => parent === record.span);
    return [{ record, depth }, ...calls.flatMap((call) => walk(call, depth + 1))];
  };
  const roots = records.filter(({ parent }) => parent === null || !spans.has(parent));
  return [...roots, ...records].flatMap((root) => walk(root, 0));
}

const callOf = ({ caller, callee }: TraceRecord): string => (caller === null ? callee : `${caller} -> ${callee}`);

const rowOf = (record: TraceRecord, call: string): string[] => [
  formatTime(record.start),
  call,
  record.caller === null ? 'invoked' : record.local ? 'local' : 'remote',
  record.status === 0 ? 'none' : String(record.status),
  formatDuration(record.duration),
];
