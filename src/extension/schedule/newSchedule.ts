import type { TaskRow } from '../setup/rows.ts';

/** The ending of the files that media/schemas/schedule.schema.json is for. */
export const SCHEDULE_ENDING = '.schedule.json';
/** The name of a new schedule. */
export const NEW_SCHEDULE = `fusion${SCHEDULE_ENDING}`;

/** A schedule to begin with: all apart, then those of one runtime fused. */
export function newSchedule(rows: readonly Pick<TaskRow, 'name' | 'folder' | 'task'>[]): string {
  const byRuntime = new Map<string, Set<string>>();
  for (const { name, folder, task } of rows) {
    // What cannot be deployed would wait in its group for ever.
    if (task === undefined && folder?.problem !== undefined) continue;
    const family = (task?.runtime ?? folder?.runtime)?.split(':')[0];
    if (family === undefined) continue;
    byRuntime.set(family, (byRuntime.get(family) ?? new Set()).add(name));
  }
  const groups = [...byRuntime.values()].filter(({ size }) => size > 1).map((names) => [...names].sort());
  const example = groups.length > 0 ? groups : [['taska', 'taskb']];
  return `{\n  "0": [],\n  "30": ${JSON.stringify(example).replaceAll('","', '", "').replaceAll('],[', '], [')}\n}\n`;
}
