import { parseSeconds } from '../../src/shared/board/parseSeconds.ts';
import { readScheduleDocument } from '../../src/shared/board/scheduleDocument.ts';
import { editSchedule } from '../../src/shared/board/scheduleEdits.ts';
import { applyEdits } from '../../src/shared/board/textEdit.ts';
import type { ScheduleFile, ScheduleView } from '../../src/shared/scheduleApi.ts';
import type {
  LiveSchedule,
  ScheduleAction,
  ScheduleHostSide,
  SchedulePageSide,
} from '../../src/shared/views/scheduleView.ts';
import { api, follow } from './api.ts';
import { askText, choose } from './choose.ts';
import { serveThisPage } from './pageEnd.ts';

/**
 * The host of the schedule's board: it edits a text of the server's entries, and saves through the API. What was
 * changed and not saved is kept when others change the schedule.
 */

let version = 1;
let text = '{}\n';
/** The text of the server's entries. */
let saved = text;
/** Those that the changes here began with. */
let base = text;
let schedule: ScheduleView | undefined;
const undone: string[] = [];
const done: string[] = [];

const channel = serveThisPage<ScheduleHostSide, SchedulePageSide>({
  requests: {
    ready: async () => {
      await read();
      return { document: { version, text }, live: await live(), name: schedule?.file ?? 'Schedule of the server' };
    },
    edit: (edit) => {
      const edits = editSchedule(text, edit);
      if (edits.length === 0) return { version };
      done.push(text);
      undone.length = 0;
      // From the end to the start, so that each one has its place whatever the others do.
      replace(
        applyEdits(
          text,
          [...edits].sort((one, other) => other.offset - one.offset),
        ),
      );
      return { version };
    },
    undo: () => step(done, undone),
    redo: () => step(undone, done),
    save,
    askSecond: async ({ title, value }) => {
      const written = await askText(`${title} (seconds, such as 90, 1:30 or 2m)`, String(value));
      if (written === undefined) return undefined;
      const second = parseSeconds(written);
      if (second === undefined) throw new Error('Write whole seconds, or a time such as 1:30, 90s or 2m');
      const document = readScheduleDocument(text);
      if (second !== value && !document.isBroken && document.entries.some((entry) => entry.second === second))
        throw new Error(`The schedule has an entry for second ${second} already`);
      return second;
    },
    askTask: ({ title, names }) =>
      choose(
        title,
        names.map((name) => ({ value: name, text: name })),
      ),
    act,
  },
  events: {},
});
follow(['schedule', 'task', 'operation', 'setup'], () => {
  read()
    .then(tellLive)
    // The next event comes when the server is there again.
    .catch(() => undefined);
});
// A browser asks before it leaves what was not saved.
window.addEventListener('beforeunload', (event) => {
  if (isUnsaved()) event.preventDefault();
});

async function read(): Promise<void> {
  take(await api.schedule());
}

/** Shows the server's entries, unless something was changed here. */
function take(view: ScheduleView): void {
  schedule = view;
  const isChanged = isUnsaved();
  saved = textOf(Object.fromEntries(view.entries.map(({ second, setup }) => [String(second), setup])));
  if (isChanged) return;
  base = saved;
  if (normal(text) !== saved) replace(saved);
}

/** The text as this page would write it: how it is formatted is no change. */
const normal = (written: string): string => textOf(JSON.parse(written) as ScheduleFile);

const isUnsaved = (): boolean => normal(text) !== saved;

/** One line for an entry, as people write schedules. */
const textOf = (file: ScheduleFile): string => {
  const lines = Object.entries(file).map(([second, setup]) => {
    const groups = setup.map((group) => `[${group.map((name) => JSON.stringify(name)).join(', ')}]`);
    return `  "${second}": [${groups.join(', ')}]`;
  });
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
};

function replace(next: string): void {
  const edits = [{ offset: 0, length: text.length, text: next }];
  text = next;
  version += 1;
  channel.tell('changed', { version, edits });
  void tellLive();
}

function step(from: string[], to: string[]): undefined {
  const next = from.pop();
  if (next === undefined) return undefined;
  to.push(text);
  replace(next);
  return undefined;
}

async function save(): Promise<undefined> {
  await read();
  if (saved !== base && isUnsaved()) {
    base = saved;
    throw new Error('Others have changed the schedule meanwhile. Save again to replace what they did.');
  }
  const view = await api.updateSchedule({ entries: JSON.parse(text) as ScheduleFile });
  saved = normal(text);
  take(view);
  await tellLive();
  return undefined;
}

async function tellLive(): Promise<void> {
  channel.tell('live', await live());
}

async function live(): Promise<LiveSchedule> {
  const tasks = await api.tasks();
  return {
    isFollowed: true,
    note: schedule?.error ?? undefined,
    isUnsaved: isUnsaved(),
    isRunning: schedule?.clock.state === 'running',
    seconds: schedule?.clock.seconds ?? 0,
    inForce: schedule?.inForce ?? undefined,
    next: schedule?.next ?? undefined,
    failed: schedule?.failed ?? [],
    busy: undefined,
    tasks: tasks.map(({ name, runtime, state }) => ({ name, runtime, isDeployed: true, state })),
  };
}

async function act(action: ScheduleAction): Promise<undefined> {
  switch (action.kind) {
    case 'apply':
      if (isUnsaved()) throw new Error('Save the schedule first: the server applies what is saved.');
      schedule = await api.updateSchedule({ apply: action.second });
      break;
    case 'pause':
    case 'run':
    case 'restart':
      schedule = await api.updateSchedule({ clock: action.kind });
      break;
    case 'use':
      await save();
      break;
    case 'openText':
      throw new Error(
        schedule?.file === null || schedule === undefined
          ? 'This schedule is in no file.'
          : `Its text is in the file ${schedule.file} on the server's machine.`,
      );
  }
  await tellLive();
  return undefined;
}
