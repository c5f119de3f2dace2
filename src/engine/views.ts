import type { Crash, SetupView, TaskView } from '../shared/api.ts';
import { waitingNames } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { Task } from '../task/task.ts';
import type { ActualSetup } from './actual.ts';
import type { Traces } from './observe/traces.ts';
import type { Origin } from './setupChange.ts';
import type { TaskNotes } from './taskNotes.ts';

/** A Task as the API shows it. */
export function taskView(
  task: Task,
  parts: { actual: ActualSetup; notes: TaskNotes; traces: Traces; address: string },
): TaskView {
  const { name } = task;
  const running = parts.actual.route(name);
  const busySince = running?.fn.load()?.busySince;
  return {
    name,
    group: [...(running?.names ?? [name])],
    function: running?.fn.name ?? '',
    runtime: task.runtimeName,
    handler: task.handler,
    state: running?.fn.state ?? 'unhealthy',
    busySince: busySince === undefined ? null : new Date(busySince).toISOString(),
    version: task.version,
    hash: task.hash,
    source: task.source,
    deployedAt: task.deployedAt,
    ...parts.traces.statistics(name),
    lastError:
      parts.actual.brokenReason(name) ?? loopText(running?.fn.crash) ?? parts.notes.lastErrors.get(name) ?? null,
    crash: running?.fn.crash ?? null,
    warnings: parts.notes.warnings.get(name) ?? [],
    address: new URL(name, parts.address).href,
  };
}

/** The Fusion Setup as the API shows it. */
export function setupView(parts: {
  revision: number;
  desired: Setup;
  origin: Origin;
  error: string | null;
  actual: ActualSetup;
  notes: TaskNotes;
}): SetupView {
  const { revision, desired, origin, error, actual, notes } = parts;
  return {
    revision,
    desired,
    // Whatever came first: lists look the same before and after a restart.
    actual: actual.setup.sort(byFirstName),
    origin,
    waiting: waitingNames(desired, actual.names),
    apart: [...notes.apart].map(([task, reason]) => ({ task, reason })),
    functions: [...actual.functions]
      .sort((one, other) => byFirstName(one.names, other.names))
      .map(({ fn, names }) => ({
        name: fn.name,
        tasks: [...names],
        state: fn.state,
        workers: fn.load()?.workers ?? null,
        crash: fn.crash ?? null,
      })),
    error,
  };
}

function byFirstName(one: readonly string[], other: readonly string[]): number {
  const [first = '', second = ''] = [one, other].map((names) => [...names].sort()[0]);
  return first < second ? -1 : 1;
}

function loopText(crash: Crash | undefined): string | undefined {
  if (crash === undefined) return undefined;
  return (
    `Its workers keep ending: ${crash.inARow} times in a row, the last time ${crash.ended}. They are started ` +
    'again and again; deploy a version that stays up'
  );
}
