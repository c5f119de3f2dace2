import path from 'node:path';
import { l10n } from 'vscode';
import type { BoardTask, LiveSchedule } from '../../../shared/views/scheduleView.ts';
import type { Services } from '../../services.ts';
import type { TaskRow } from '../../setup/rows.ts';
import { stateWord } from '../../setup/tree/items.ts';
import { followedFile } from '../scheduleFiles.ts';

/** What the board of a file shows of the server, and of the Tasks. */
export function liveSchedule(services: Services, file: string): LiveSchedule {
  const { model, server } = services;
  const followed = followedFile(services);
  const isFollowed = followed === file;
  const { schedule, scheduleState } = model;
  const rows = model.taskRows;
  return {
    isFollowed,
    note: noteOf(services, followed, isFollowed),
    isRunning: isFollowed && schedule?.clock.state === 'running',
    seconds: isFollowed ? model.scheduleSeconds : 0,
    inForce: (isFollowed ? schedule?.inForce : undefined) ?? undefined,
    next: (isFollowed ? schedule?.next : undefined) ?? undefined,
    failed: isFollowed ? (scheduleState?.failed ?? []) : [],
    busy: server.connection === undefined ? undefined : busyOf(rows),
    tasks: boardTasks(rows),
  };
}

function noteOf({ server, model }: Services, followed: string | undefined, isFollowed: boolean): string | undefined {
  if (server.connection === undefined) return l10n.t('No server is running.');
  if (isFollowed) {
    const optimizer = model.scheduleState?.optimizer;
    return optimizer === undefined
      ? model.scheduleState?.fault
      : l10n.t('The optimizer {0} decides in place of the schedule.', optimizer);
  }
  return followed === undefined
    ? l10n.t('The server does not follow this schedule.')
    : l10n.t('The server follows {0}.', path.basename(followed));
}

function busyOf(rows: readonly TaskRow[]): string | undefined {
  const names = rows.filter(({ state }) => state === 'deploying').map(({ name }) => name);
  return names.length === 0 ? undefined : l10n.t('deploying {0}', names.join(', '));
}

/** The Tasks by name. Of several folders with one name, the deployed one counts. */
function boardTasks(rows: readonly TaskRow[]): BoardTask[] {
  const byName = new Map<string, BoardTask>();
  for (const row of rows) {
    if (byName.get(row.name)?.isDeployed) continue;
    byName.set(row.name, {
      name: row.name,
      runtime: row.task?.runtime ?? row.folder?.runtime,
      isDeployed: row.task !== undefined,
      state: stateWord(row),
    });
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}
