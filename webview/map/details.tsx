import { useState } from 'preact/hooks';
import { formatDuration } from '../../src/shared/format.ts';
import { dropOf, groupWords } from '../../src/shared/map/mapDrop.ts';
import { callTotals, type MapEdge, type MapModel, type MapTask } from '../../src/shared/map/mapModel.ts';
import { Button } from '../kit/controls.tsx';
import { formatCount } from '../kit/format.ts';
import { type DrawnMap, edgesOf, type MapStore } from './store.ts';
import { KIND_WORDS } from './words.ts';

/** Rows of a table. */
const ROWS = 100;

/** What is known of the chosen Task; without one, of all calls. */
export function Details({ store, map }: { store: MapStore; map: DrawnMap }) {
  const task = store.chosen === undefined ? undefined : map.model.tasks.get(store.chosen);
  return task === undefined ? <Overview store={store} map={map} /> : <OfTask store={store} map={map} task={task} />;
}

function Overview({ store, map: { model } }: { store: MapStore; map: DrawnMap }) {
  const { local, remote, async } = callTotals(model.edges);
  const all = local + remote + async;
  const share = all === 0 ? '' : `, ${Math.round((100 * local) / all)} % of them local`;
  return (
    <section class="details" aria-label="All calls">
      <h2>
        {counted(model.tasks.size, 'Task')} in {counted(model.groups.length, 'group')}
      </h2>
      <p class="soft">
        {all === 0 ? 'No calls from Task to Task were recorded.' : `${counted(all, 'call')} from Task to Task${share}.`}
      </p>
      <Calls store={store} model={model} edges={model.edges} title="Calls from Task to Task" />
    </section>
  );
}

const counted = (count: number, name: string): string => `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;

function OfTask({ store, map: { model }, task }: { store: MapStore; map: DrawnMap; task: MapTask }) {
  const { name, deployed, group, outside } = task;
  const edges = edgesOf(model, name);
  return (
    <section class="details" aria-label={`Calls of ${name}`}>
      <h2>{name}</h2>
      <dl>
        <div>
          <dt>Runtime</dt>
          <dd>{deployed === undefined ? 'not deployed' : `${deployed.runtime}, ${deployed.state}`}</dd>
        </div>
        <div>
          <dt>Fusion Group</dt>
          <dd>{group.length > 1 ? group.join(' + ') : 'by itself'}</dd>
        </div>
        <div>
          <dt>From outside</dt>
          <dd>{counted(outside, 'invocation')}</dd>
        </div>
      </dl>
      <Actions key={name} store={store} model={model} task={task} />
      <Calls store={store} model={model} edges={edges.filter(({ to }) => to === name)} title="Called by" without="to" />
      <Calls
        store={store}
        model={model}
        edges={edges.filter(({ from }) => from === name)}
        title="Calls"
        without="from"
      />
    </section>
  );
}

function Actions({ store, model, task }: { store: MapStore; model: MapModel; task: MapTask }) {
  const { name, group } = task;
  const [onto, setOnto] = useState('');
  const others = model.groups.flatMap((one) => {
    const [first = ''] = one;
    return dropOf(model, name, first).action?.kind === 'fuse' ? [{ first, text: groupWords(one) }] : [];
  });
  const drop = onto === '' ? undefined : dropOf(model, name, onto);
  return (
    <div class="actions">
      <Button title="Opens its handler (o)" onPress={() => void store.act({ kind: 'openTask', task: name })}>
        Open Handler
      </Button>
      {model.isCurrent && group.length > 1 && (
        <Button
          title={`${dropOf(model, name, undefined).words} (Delete)`}
          onPress={() => void store.act({ kind: 'split', task: name })}
        >
          Split Out
        </Button>
      )}
      {others.length > 0 && (
        <label>
          Fuse with{' '}
          <select value={onto} onChange={({ currentTarget }) => setOnto(currentTarget.value)}>
            <option value="">Choose a group...</option>
            {others.map(({ first, text }) => (
              <option value={first}>{text}</option>
            ))}
          </select>
        </label>
      )}
      {drop?.action !== undefined && (
        <Button isPrimary title={drop.words} onPress={() => drop.action && void store.act(drop.action)}>
          {drop.words}
        </Button>
      )}
    </div>
  );
}

interface CallsProps {
  readonly store: MapStore;
  readonly model: MapModel;
  readonly edges: readonly MapEdge[];
  readonly title: string;
  /** The column that says nothing here. */
  readonly without?: 'from' | 'to' | undefined;
}

function Calls({ store, model, edges, title, without }: CallsProps) {
  if (edges.length === 0) return null;
  const more = edges.length - ROWS;
  return (
    // A table that scrolls has to be reached by the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="calls" tabIndex={0} aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {without !== 'from' && <th scope="col">From</th>}
            {without !== 'to' && <th scope="col">To</th>}
            <th scope="col">Kind</th>
            <th scope="col">Calls</th>
            <th scope="col">Median</th>
            <th scope="col">95 %</th>
          </tr>
        </thead>
        <tbody>
          {edges.slice(0, ROWS).map((edge) => (
            <CallRow store={store} model={model} edge={edge} without={without} />
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="soft">and {more} more</p>}
    </section>
  );
}

function CallRow({ store, model, edge, without }: Omit<CallsProps, 'edges' | 'title'> & { edge: MapEdge }) {
  const { from, to, kind, count, failed, p50, p95 } = edge;
  const fuse = kind === 'remote' ? dropOf(model, from, to) : undefined;
  const name = (task: string) => (
    <button type="button" class="link" onClick={() => store.choose(task)}>
      {task}
    </button>
  );
  return (
    <tr>
      {without !== 'from' && <td>{name(from)}</td>}
      {without !== 'to' && <td>{name(to)}</td>}
      <td>
        {KIND_WORDS[kind]}
        {fuse?.action?.kind === 'fuse' && (
          <>
            {' '}
            <button
              type="button"
              class="link"
              title={fuse.words}
              aria-label={fuse.words}
              onClick={() => fuse.action && void store.act(fuse.action)}
            >
              Fuse
            </button>
          </>
        )}
      </td>
      <td class="number">
        {formatCount(count)}
        {failed > 0 && <span class="bad"> ({formatCount(failed)} failed)</span>}
      </td>
      <td class="number">{formatDuration(p50)}</td>
      <td class="number">{formatDuration(p95)}</td>
    </tr>
  );
}
