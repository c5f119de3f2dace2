import { familyOf } from '../runtimeFamily.ts';
import type { MapAction } from '../views/mapView.ts';
import type { MapModel } from './mapModel.ts';

/** What putting a Task somewhere does, and how that is said before it happens. */
export interface Drop {
  /** Undefined where nothing can be done. */
  readonly action: Exclude<MapAction, { kind: 'openTask' }> | undefined;
  readonly words: string;
}

/**
 * @param task what was picked up
 * @param onto the Task whose group it is put into; undefined for a place by itself
 */
export function dropOf({ tasks, isCurrent }: MapModel, task: string, onto: string | undefined): Drop {
  const picked = tasks.get(task);
  const target = onto === undefined ? undefined : tasks.get(onto);
  const nothing = (words: string): Drop => ({ action: undefined, words });
  if (picked === undefined) return nothing(`${task} is not on the map any more`);
  if (!isCurrent) return nothing('This setup is not in force: show the current one to change it');
  if (picked.deployed === undefined) return nothing(`${task} is not deployed`);
  if (onto === undefined) {
    if (picked.group.length < 2) return nothing(`${task} is by itself`);
    const left = picked.group.filter((name) => name !== task);
    return { action: { kind: 'split', task }, words: `Split ${task} out; leaves ${groupWords(left)}` };
  }
  if (target?.deployed === undefined) return nothing(`${onto} is not deployed`);
  if (target.group.includes(task))
    return nothing(onto === task ? `${task} stays where it is` : `${task} and ${onto} are in one group`);
  const [own, other] = [picked.deployed.runtime, target.deployed.runtime];
  if (familyOf(own) !== familyOf(other))
    return nothing(`${task} is ${own}, ${onto} is ${other}: they cannot run in one function`);
  const made = [...target.group, task];
  return { action: { kind: 'fuse', tasks: made }, words: `Fuse ${groupWords(made)}` };
}

/** The most Tasks of a group that are named. */
const NAMED = 4;

/** `a + b`, `a + b + c and 5 more`. */
export function groupWords(group: readonly string[]): string {
  const more = group.length - NAMED;
  return more > 1 ? `${group.slice(0, NAMED).join(' + ')} and ${more} more` : group.join(' + ');
}
