import { familyOf } from '../../shared/runtimeFamily.ts';
import type { TaskRow } from '../setup/rows.ts';

/** A schedule to begin with: first all Tasks apart, then the Tasks of each runtime fused. */
export function newSchedule(rows: readonly Pick<TaskRow, 'name' | 'folder' | 'task'>[]): string {
  const byRuntime = new Map<string, Set<string>>();
  for (const { name, folder, task } of rows) {
    // A Task that cannot be deployed would never join its group.
    if (task === undefined && folder?.problem !== undefined) continue;
    const runtime = task?.runtime ?? folder?.runtime;
    if (runtime === undefined) continue;
    const family = familyOf(runtime);
    byRuntime.set(family, (byRuntime.get(family) ?? new Set()).add(name));
  }
  const groups = [...byRuntime.values()].filter(({ size }) => size > 1).map((names) => [...names].sort());
  const example = groups.length > 0 ? groups : [['taska', 'taskb']];
  return `{\n  "0": [],\n  "30": ${JSON.stringify(example).replaceAll('","', '", "').replaceAll('],[', '], [')}\n}\n`;
}
