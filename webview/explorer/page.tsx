import type { TraceRecord } from '../../src/shared/api.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { answerWords, isFailure } from '../../src/shared/recordWords.ts';
import { useStore } from '../kit/page.tsx';
import { type GridRow, TreeGrid } from '../kit/treeGrid.tsx';
import type { ExplorerStore } from './store.ts';

/** Pixels. */
const ROW = 28;

interface InvocationRow extends GridRow {
  readonly record: TraceRecord;
}

const STATUS: readonly [value: string, text: string][] = [
  ['', 'any status'],
  ['error', 'errors'],
  ['2xx', '2xx'],
  ['4xx', '4xx'],
  ['5xx', '5xx'],
];

/** The page that a browser begins with: what was invoked, live. */
export function ExplorerPage({ store }: { store: ExplorerStore }) {
  useStore(store);
  return (
    <main class="page">
      <h1>Recent invocations</h1>
      {store.error !== undefined && (
        <p class="notice" role="alert">
          {store.error}
        </p>
      )}
      <Filter store={store} />
      <div class="row head" aria-hidden="true">
        <span>Status</span>
        <span>Request</span>
        <span>Time</span>
        <span class="when">At</span>
      </div>
      {store.isReady && store.invocations.length === 0 ? (
        <p class="hint">{emptyWords(store)}</p>
      ) : (
        <TreeGrid
          label="Invocations, the newest first. Enter opens the trace."
          rows={store.invocations.map(rowOf)}
          rowHeight={ROW}
          cursor={store.cursor}
          focusWanted={store.focusWanted}
          onCursor={({ record }) => store.choose(record.span)}
          onOpen={() => undefined}
          onKey={({ record }, { key }) => {
            if (key !== 'Enter') return false;
            location.assign(addressOf(record));
            return true;
          }}
          cells={({ record }) => cellsOf(record)}
        />
      )}
    </main>
  );
}

function emptyWords({ filter }: ExplorerStore): string {
  return Object.values(filter).some((value) => value !== undefined && value !== '')
    ? 'No recorded invocation fits.'
    : 'Nothing has been invoked yet. Send a request to a Task, and it appears here.';
}

const addressOf = ({ trace }: TraceRecord): string => `/-/ui/trace?id=${trace}`;

const requestOf = ({ callee, request }: TraceRecord): string => request ?? `event of ${callee}`;

function rowOf(record: TraceRecord): InvocationRow {
  const at = new Date(record.start).toLocaleTimeString();
  return {
    record,
    key: record.span,
    level: 1,
    isOpen: undefined,
    label: `${answerWords(record.status)}, ${requestOf(record)}, ${formatDuration(record.duration)}, at ${at}`,
    className: isFailure(record.status) ? 'row failed' : 'row',
  };
}

function cellsOf(record: TraceRecord) {
  return [
    <span class="status">
      {isFailure(record.status) ? '✗' : '✓'} {answerWords(record.status)}
    </span>,
    <a href={addressOf(record)} tabIndex={-1}>
      {requestOf(record)}
    </a>,
    <span>
      {formatDuration(record.duration)}
      {record.cold && <span class="mark"> cold</span>}
    </span>,
    <span class="when">{new Date(record.start).toLocaleTimeString()}</span>,
  ];
}

function Filter({ store }: { store: ExplorerStore }) {
  const { filter } = store;
  return (
    <fieldset class="filter" aria-label="Which invocations are shown">
      <label>
        Task{' '}
        <input
          value={filter.task ?? ''}
          onInput={({ currentTarget }) => store.setFilter({ task: currentTarget.value.trim() })}
        />
      </label>
      <label>
        Status{' '}
        <select
          value={filter.status ?? ''}
          onChange={({ currentTarget }) => store.setFilter({ status: currentTarget.value })}
        >
          {STATUS.map(([value, text]) => (
            <option value={value}>{text}</option>
          ))}
        </select>
      </label>
      <label>
        At least{' '}
        <input
          class="number"
          type="number"
          min="0"
          value={filter.min ?? ''}
          onInput={({ currentTarget }) => store.setFilter({ min: currentTarget.value })}
        />{' '}
        ms
      </label>
    </fieldset>
  );
}
