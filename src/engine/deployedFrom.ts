import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import type { Task } from '../task/task.ts';

/** The folder or file that a deploy comes from, as `Fusionizer-Source` names it. */
export interface SourcePlace {
  /** As the client wrote it. It may be on the client's machine, or no path at all. */
  readonly source: string;
  /** The real path on this machine, without links and in its own letter case; undefined if it is not here. */
  readonly real: string | undefined;
}

export async function placeOf(source: string): Promise<SourcePlace> {
  return { source, real: (await find(source)).real };
}

/** Whether two deploys come from one folder, as far as their paths show it. */
export function isSamePlace(one: SourcePlace, other: SourcePlace): boolean {
  if (isSamePath(formOf(one.source), formOf(other.source))) return true;
  return one.real !== undefined && other.real !== undefined && isSamePath(one.real, other.real);
}

/** A Task in one source file is the same one by its file and by its folder. */
const isSamePath = (one: string, other: string): boolean =>
  one === other || isFileIn(one, other) || isFileIn(other, one);
const isFileIn = (file: string, folder: string): boolean =>
  file.startsWith(folder) && /^[\\/][^\\/]+\.(py|[mc]?js)$/.test(file.slice(folder.length));

/**
 * Refuses to replace a Task by the Task of another folder. A folder that was moved on this machine is the same one: the
 * deployed source was here, and is gone. A path on another machine cannot be looked up, so there only its text counts.
 * @param runtime the family of the new Task; undefined before its upload. Another one is no sign of a folder that moved
 * @throws FusionizerError `source`, with both places
 */
export async function checkSource(from: SourcePlace, deployed: Task, runtime?: string): Promise<void> {
  const { name, source, isSourceHere } = deployed;
  const isOtherRuntime = runtime !== undefined && runtime !== deployed.runtime.family;
  if (source === null) return;
  const { real, isGone } = await find(source);
  if (isSamePlace(from, { source, real })) return;
  if (isSourceHere && isGone && from.real !== undefined && !isOtherRuntime) return;
  throw new FusionizerError(
    'source',
    `Task '${name}' was deployed from ${source}. A deploy from ${from.source} would replace it, so nothing was ` +
      'changed. Change metadata.name in one of them, or say that it replaces the Task (Fusionizer-Replace: true)',
  );
}

async function find(source: string): Promise<{ real: string | undefined; isGone: boolean }> {
  if (!path.isAbsolute(source)) return { real: undefined, isGone: false };
  try {
    return { real: await realpath(source), isGone: false };
  } catch (error) {
    // Only these say that there is no such folder. Others, such as a missing permission, leave it open.
    const isGone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    return { real: undefined, isGone };
  }
}

/** Windows has no letter case and two separators, also in the path of a client elsewhere. */
function formOf(source: string): string {
  if (!/^([a-z]:[\\/]|\\\\)/i.test(source)) return source.replace(/(?<=.)\/+$/, '');
  return source.replaceAll('/', '\\').replace(/\\+$/, '').toLowerCase();
}
