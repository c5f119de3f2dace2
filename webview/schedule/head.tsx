import { Button } from '../kit/controls.tsx';
import { formatSeconds } from '../kit/format.ts';
import { useTick } from '../kit/tick.ts';
import { addEntry, addTask, duplicateEntry, moveEntry, remove, splitGroup } from './commands.ts';
import { isSameRef, type Place } from './place.ts';
import type { ScheduleStore } from './store.ts';

/** The clock, what runs, and what can be done about it. */
export function Live({ store }: { store: ScheduleStore }) {
  const { live } = store;
  useTick(live?.isRunning === true);
  if (live === undefined) return null;
  const { isFollowed, isRunning, note, busy, inForce } = live;
  return (
    <div class="live">
      {isFollowed && (
        <span class={`clock${isRunning ? ' running' : ''}`} role="timer" aria-live="off">
          {isRunning ? `▶ ${formatSeconds(store.seconds)}` : `${formatSeconds(store.seconds)}, paused`}
        </span>
      )}
      {isFollowed && <span>{inForce === undefined ? 'no entry in force' : `entry of second ${inForce} in force`}</span>}
      {busy !== undefined && <span class="busy">{busy}</span>}
      {note !== undefined && <span class="note">{note}</span>}
      {live.isUnsaved && (
        <Button isPrimary onPress={() => void store.run('save')}>
          Save
        </Button>
      )}
      {isFollowed ? (
        <>
          <Button onPress={() => void store.act({ kind: isRunning ? 'pause' : 'run' })}>
            {isRunning ? 'Pause' : 'Run'}
          </Button>
          <Button onPress={() => void store.act({ kind: 'restart' })}>Restart Clock</Button>
        </>
      ) : (
        <Button isPrimary onPress={() => void store.act({ kind: 'use' })}>
          Use This Schedule
        </Button>
      )}
    </div>
  );
}

const GREY = 'The board shows the last version that could be read.';

/** What is wrong with a text that is no JSON. */
export function Broken({ store }: { store: ScheduleStore }) {
  const { fault } = store;
  if (fault === undefined) return null;
  return (
    <div class="notice" role="alert">
      <span>{`Line ${fault.line}, column ${fault.column}: ${fault.message}. ${GREY}`}</span>
      <Button isPrimary onPress={() => void store.act({ kind: 'openText', offset: undefined })}>
        Open as Text
      </Button>
    </div>
  );
}

/** What can be done with the thing that has the focus, with its keys. */
export function Toolbar({ store }: { store: ScheduleStore }) {
  const { cursor, live } = store;
  const entry = cursor && store.entries.find((one) => isSameRef(one, cursor.entry));
  const second = entry?.second;
  const isOff = store.fault !== undefined;
  const group = cursor?.group === undefined ? undefined : entry?.groups?.[cursor.group];
  const on = (work: (place: Place) => unknown) => () => cursor && void work(cursor);
  const what = cursor?.task !== undefined ? 'Remove Task' : cursor?.group !== undefined ? undefined : 'Delete Entry';
  return (
    <div class="toolbar" role="toolbar" aria-label="Edit the schedule">
      <Button isDisabled={isOff} title="Add an entry (A)" onPress={() => void addEntry(store)}>
        Add Entry
      </Button>
      {cursor && entry && (
        <>
          <Button isDisabled={isOff} title="Add a Task (T)" onPress={on((place) => addTask(store, place))}>
            Add Task
          </Button>
          <Button
            isDisabled={isOff}
            title="Move the entry in time (M)"
            onPress={on((place) => moveEntry(store, place))}
          >
            Move in Time
          </Button>
          <Button
            isDisabled={isOff}
            title="Duplicate the entry (D)"
            onPress={on((place) => duplicateEntry(store, place))}
          >
            Duplicate
          </Button>
          {group && group.tasks.length > 1 && (
            <Button isDisabled={isOff} title="Split the group (S)" onPress={on((place) => splitGroup(store, place))}>
              Split Group
            </Button>
          )}
          {what && (
            <Button isDisabled={isOff} title={`${what} (Delete)`} onPress={on((place) => remove(store, place))}>
              {what}
            </Button>
          )}
          {live?.isFollowed && second !== undefined && (
            <Button onPress={() => void store.act({ kind: 'apply', second })}>Apply Now</Button>
          )}
        </>
      )}
      <Button title="Undo" onPress={() => void store.run('undo')}>
        Undo
      </Button>
      <Button title="Redo" onPress={() => void store.run('redo')}>
        Redo
      </Button>
      <Button onPress={() => void store.act({ kind: 'openText', offset: entry?.offset })}>Open as Text</Button>
    </div>
  );
}
