import type { TaskChange } from '../../src/shared/board/boardChanges.ts';
import type { BoardFault } from '../../src/shared/board/boardFaults.ts';
import type { BoardEntry, BoardGroup } from '../../src/shared/board/scheduleDocument.ts';
import { familyOf } from '../../src/shared/runtimeFamily.ts';
import { formatSeconds } from '../kit/format.ts';
import { startDrag } from './drag.ts';
import { COLUMN, type ColumnPlace } from './layout.ts';
import { isSamePlace, isSameRef, type Place, placeKey, refOf, type Target } from './place.ts';
import type { ScheduleStore } from './store.ts';

/** In words. The style sheet has a sign for each, so that not only a colour tells them apart. */
const CHANGES: Record<TaskChange, string> = {
  fused: 'fused by this entry',
  split: 'split by this entry',
  moved: 'moved by this entry',
};

interface ColumnProps {
  readonly store: ScheduleStore;
  readonly entry: BoardEntry;
  readonly at: ColumnPlace;
}

/** An entry: its second, its groups, and the places for what is dropped. */
export function Column({ store, entry, at }: ColumnProps) {
  const { second, groups, key, nth } = entry;
  const faults = store.faults.filter((fault) => fault.entry === at.index);
  const changes = store.changes.get(at.index);
  const isInForce = second !== undefined && store.live?.isFollowed === true && store.live.inForce === second;
  const failed = store.live?.failed.find((one) => one.second === second);
  const own = faults.filter(({ group }) => group === undefined);
  const marks = [
    ...(isInForce ? ['in force'] : []),
    ...(second !== undefined && store.live?.next === second ? ['next'] : []),
  ];
  const shown = second === undefined ? key : formatSeconds(second);
  // It begins with what is seen, so that people who speak to their computer can name it.
  const said = [
    [shown, ...marks, ...(failed ? ['failed'] : [])].join(' '),
    second === undefined ? 'entry without a second' : 'entry',
    failed?.reason ?? '',
    ...own.map(({ message }) => message),
    changes?.words ?? '',
  ];
  const place: Place = { entry: refOf(entry), group: undefined, task: undefined };
  return (
    <div
      class={`column${isInForce ? ' in-force' : ''}${second === undefined || entry.isRepeated ? ' uncounted' : ''}`}
      style={{ left: `${at.x}px`, width: `${COLUMN}px` }}
    >
      <div class="head">
        <Focusable store={store} place={place} label={said.filter(Boolean).join(', ')} className="second">
          <strong>{shown}</strong>
          {marks.map((mark) => (
            <span class="mark"> {mark}</span>
          ))}
          {failed && <span class="mark bad"> failed</span>}
        </Focusable>
        {changes !== undefined && changes.words !== '' && <div class="words">{changes.words}</div>}
        {failed && <div class="fault error">{failed.reason}</div>}
        <Faults faults={own} />
      </div>
      {groups?.map((group, index) => (
        <Group
          store={store}
          entry={entry}
          group={group}
          index={index}
          faults={faults.filter((fault) => fault.group === index)}
          changes={changes?.tasks}
        />
      ))}
      {groups?.length === 0 && <div class="empty">every Task by itself</div>}
      {groups !== undefined && store.picked !== undefined && (
        <>
          <DropPlace store={store} target={{ entry: { key, nth }, to: 'new' }} text="a group of its own" />
          <DropPlace store={store} target={{ entry: { key, nth }, to: 'none' }} text="out of the entry" />
        </>
      )}
    </div>
  );
}

function DropPlace({ store, target, text }: { store: ScheduleStore; target: Target; text: string }) {
  const { entry, to } = target;
  return (
    <div
      class={`drop${isTarget(store, target) ? ' target' : ''}`}
      data-to={to}
      data-key={entry.key}
      data-nth={entry.nth}
    >
      {text}
    </div>
  );
}

interface GroupProps {
  readonly store: ScheduleStore;
  readonly entry: BoardEntry;
  readonly group: BoardGroup;
  readonly index: number;
  readonly faults: readonly BoardFault[];
  readonly changes: ReadonlyMap<string, TaskChange> | undefined;
}

function Group({ store, entry, group, index, faults, changes }: GroupProps) {
  const ref = refOf(entry);
  const place: Place = { entry: ref, group: index, task: undefined };
  const own = faults.filter(({ task }) => task === undefined);
  const { tasks } = group;
  const title = tasks.length === 1 ? 'by itself' : tasks.length === 0 ? 'empty group' : `${tasks.length} Tasks fused`;
  const label = [`Group ${index + 1}: ${title}`, ...own.map(({ message }) => message)].join(', ');
  return (
    <div
      class={`group${tasks.length > 1 ? ' fused' : ''}${isTarget(store, { entry: ref, to: index }) ? ' target' : ''}`}
      data-to={index}
      data-key={entry.key}
      data-nth={entry.nth}
    >
      <Focusable
        store={store}
        place={place}
        label={label}
        className="title"
        onPress={(event) => startDrag(store, event, { kind: 'group', from: place, tasks }, tasks.join(' + '))}
      >
        {title}
      </Focusable>
      {tasks.map((task) => (
        <Chip
          store={store}
          place={{ entry: ref, group: index, task }}
          task={task}
          change={changes?.get(task)}
          faults={faults.filter((fault) => fault.task === task)}
        />
      ))}
      <Faults faults={own} />
    </div>
  );
}

interface ChipProps {
  readonly store: ScheduleStore;
  readonly place: Place;
  readonly task: string;
  readonly change: TaskChange | undefined;
  readonly faults: readonly BoardFault[];
}

function Chip({ store, place, task, change, faults }: ChipProps) {
  const known = store.live?.tasks.find(({ name }) => name === task);
  const label = [task, known?.runtime, change && CHANGES[change], ...faults.map(({ message }) => message)];
  return (
    <>
      <Focusable
        store={store}
        place={place}
        label={label.filter(Boolean).join(', ')}
        className={['chip', change, faults[0]?.severity].filter(Boolean).join(' ')}
        onPress={(event) => startDrag(store, event, { kind: 'task', task }, task)}
      >
        <span class="sign" aria-hidden="true" />
        <span class="name">{task}</span> <span class="runtime">{familyOf(known?.runtime ?? '')}</span>
      </Focusable>
      <Faults faults={faults} />
    </>
  );
}

function Faults({ faults }: { faults: readonly BoardFault[] }) {
  return (
    <>
      {faults.map(({ severity, message }) => (
        <div class={`fault ${severity}`}>{message}</div>
      ))}
    </>
  );
}

interface FocusableProps {
  readonly store: ScheduleStore;
  readonly place: Place;
  readonly label: string;
  readonly className: string;
  readonly children: preact.ComponentChildren;
  readonly onPress?: (event: PointerEvent) => void;
}

/** A thing on the board that the arrows lead to. One of them all is in the order of the Tab key. */
function Focusable({ store, place, label, className, children, onPress }: FocusableProps) {
  const isCursor = store.cursor !== undefined && isSamePlace(store.cursor, place);
  const isPicked =
    store.picked?.kind === 'task' ? isCursor : store.picked !== undefined && isSamePlace(store.picked.from, place);
  return (
    <button
      type="button"
      class={`${className}${isCursor ? ' cursor' : ''}${isPicked ? ' picked' : ''}`}
      tabIndex={isCursor ? 0 : -1}
      aria-label={label}
      title={label}
      data-place={placeKey(place)}
      onFocus={() => isCursor || store.focused(place)}
      onPointerDown={onPress}
    >
      {children}
    </button>
  );
}

const isTarget = (store: ScheduleStore, { entry, to }: Target): boolean =>
  store.picked !== undefined &&
  store.target !== undefined &&
  isSameRef(store.target.entry, entry) &&
  store.target.to === to;
