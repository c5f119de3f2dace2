import { formatDuration } from '../../src/shared/format.ts';
import { groupWords } from '../../src/shared/map/mapDrop.ts';
import type { EdgeKind, MapEdge, MapModel, MapTask } from '../../src/shared/map/mapModel.ts';
import { familyOf } from '../../src/shared/runtimeFamily.ts';
import { formatCount } from '../kit/format.ts';
import { edgesOf } from './store.ts';

export const KIND_WORDS: Record<EdgeKind, string> = {
  local: 'local',
  remote: 'remote',
  async: 'async',
};

/** Beside an edge: `12 · 3.1 ms`, and what failed. */
export const edgeLabel = ({ count, p50, failed }: MapEdge): string =>
  `${formatCount(count)} · ${formatDuration(p50)}${failed > 0 ? ` · ✗ ${formatCount(failed)}` : ''}`;

/** The whole of an edge, where there is room. */
export const edgeWords = ({ from, to, kind, count, failed, p50, p95 }: MapEdge): string =>
  `${from} to ${to}: ${formatCount(count)} ${KIND_WORDS[kind]} calls, median ${formatDuration(p50)}, ` +
  `95 % within ${formatDuration(p95)}${failed > 0 ? `, ${formatCount(failed)} failed` : ''}`;

/** Below a Task's name. */
export function taskLine({ deployed, outside }: MapTask): string {
  if (deployed === undefined) return 'not deployed';
  return [
    ...(deployed.state === 'ready' ? [] : [stateWords(deployed.state)]),
    ...(outside > 0 ? [`${formatCount(outside)} in`] : []),
    familyOf(deployed.runtime),
  ].join(' · ');
}

const stateWords = (state: string): string => (state === 'crash-loop' ? '✗ crash loop' : '✗ unhealthy');

/** What a screen reader says of a Task, and its tooltip. */
export function taskWords(model: MapModel, task: MapTask): string {
  const { name, deployed, group, outside } = task;
  const others = group.filter((one) => one !== name);
  const edges = edgesOf(model, name);
  const of = (some: readonly MapEdge[], verb: string, other: (edge: MapEdge) => string): string[] =>
    some.length === 0 ? [] : [`${verb} ${some.map((edge) => `${other(edge)} (${KIND_WORDS[edge.kind]})`).join(', ')}`];
  return [
    name,
    deployed === undefined ? 'not deployed' : `${deployed.runtime}, ${deployed.state}`,
    others.length === 0 ? 'by itself' : `fused with ${groupWords(others)}`,
    ...(outside > 0 ? [`${outside} invocations from outside`] : []),
    ...of(
      edges.filter(({ from }) => from === name),
      'calls',
      ({ to }) => to,
    ),
    ...of(
      edges.filter(({ to }) => to === name),
      'called by',
      ({ from }) => from,
    ),
  ].join('; ');
}
