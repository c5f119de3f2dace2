import { sameGroup } from '../setup.ts';
import type { Setup } from '../setupApi.ts';
import type { DeployedTask, ShownMap } from '../views/mapView.ts';

/** How the calls of an edge are made. Each kind has a form of its own on the map. */
export type EdgeKind = 'local' | 'remote' | 'async';

/** A Task on the map. */
export interface MapTask {
  readonly name: string;
  /** Undefined for a Task that is no longer deployed. */
  readonly deployed: DeployedTask | undefined;
  /** Its Fusion Group: a group of one by itself. */
  readonly group: readonly string[];
  /** Invocations from outside. */
  readonly outside: number;
}

/** Calls from one Task to another. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly count: number;
  readonly failed: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** Tasks in their groups, and the calls between them. */
export interface MapModel {
  /** By name. */
  readonly tasks: ReadonlyMap<string, MapTask>;
  readonly groups: Setup;
  /** The most frequent first. */
  readonly edges: readonly MapEdge[];
  /** Whether it is what serves now, so that it can be changed. */
  readonly isCurrent: boolean;
}

/**
 * What is to be drawn. For an earlier setup, the groups are those that the recorded calls were made in: only Tasks that
 * were called are known then.
 */
export function mapModel({ filter, tasks, groups, calls: { calls, setup } }: ShownMap): MapModel {
  const isCurrent = filter.setup === 'current' || filter.setup === 'all' || filter.setup === setup;
  const deployed = new Map(tasks.map((task) => [task.name, task]));
  const shown = isCurrent ? groups : recordedGroups(calls);
  const placed = new Set(shown.flat());
  const strays = [
    ...new Set([
      ...(isCurrent ? deployed.keys() : []),
      ...calls.flatMap(({ caller, callee }) => (caller === null ? [callee] : [caller, callee])),
    ]),
  ].filter((name) => !placed.has(name));
  const all = [...shown, ...strays.map((name) => [name])];
  const outside = new Map<string, number>();
  for (const { caller, callee, count } of calls)
    if (caller === null) outside.set(callee, (outside.get(callee) ?? 0) + count);
  return {
    tasks: new Map(
      all.flatMap((group) =>
        group.map((name): [string, MapTask] => [
          name,
          { name, deployed: deployed.get(name), group, outside: outside.get(name) ?? 0 },
        ]),
      ),
    ),
    groups: all,
    edges: calls
      .flatMap(({ caller, callee, local, mode, count, failed, p50, p95 }): MapEdge[] => {
        if (caller === null) return [];
        const kind = mode === 'async' ? 'async' : local ? 'local' : 'remote';
        return [{ from: caller, to: callee, kind, count, failed, p50, p95 }];
      })
      .sort((one, other) => other.count - one.count),
    isCurrent,
  };
}

/** The groups of the callees, the larger first, as far as they do not contradict each other. */
function recordedGroups(calls: ShownMap['calls']['calls']): Setup {
  const placed = new Set<string>();
  const groups: string[][] = [];
  for (const { group } of [...calls].sort((one, other) => other.group.length - one.group.length)) {
    if (groups.some((one) => sameGroup(one, group)) || group.some((name) => placed.has(name))) continue;
    for (const name of group) placed.add(name);
    groups.push(group);
  }
  return groups;
}

/** Calls from Task to Task, counted by their kind. */
export function callTotals(edges: readonly MapEdge[]): Record<EdgeKind, number> {
  const totals = { local: 0, remote: 0, async: 0 };
  for (const { kind, count } of edges) totals[kind] += count;
  return totals;
}
