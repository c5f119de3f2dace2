import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ClientError, isPassing } from '../../client/errors.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import type { TaskView } from '../../shared/api.ts';
import { ifMissing } from '../../shared/ifMissing.ts';
import { findTasks } from '../../task/findTasks.ts';
import { isUnsearched } from '../../task/ignores.ts';
import { DeployError, deploySource } from '../deploySource.ts';
import { watchSources } from '../watchSources.ts';
import type { DevOutput } from './devOutput.ts';
import type { DevTasks } from './devTasks.ts';
import { Turns } from './turns.ts';

/** Deploys every Task of a folder, and again whenever it changes, until `stop` is aborted. */
export async function deployAndWatch(
  client: FusionizerClient,
  dir: string,
  output: DevOutput,
  tasks: DevTasks,
  stop: AbortSignal,
): Promise<void> {
  tasks.served = new Map((await servedTasks(client)).map(({ name, source }) => [name, source]));
  const placeOf = (source: string): string => path.relative(dir, source) || path.basename(path.resolve(source));
  /** Folders that were remarked upon. */
  const remarked = new Set<string>();
  const find = async (): Promise<readonly string[]> => {
    const unconfigured: string[] = [];
    tasks.present = await findTasks(dir, (folder) => unconfigured.push(folder));
    const remarkable = unconfigured.filter((folder) => !remarked.has(folder));
    if (remarkable.length === 0) return tasks.present;
    const served = await servedTasks(client);
    for (const folder of remarkable) {
      remarked.add(folder);
      output.unconfigured(placeOf(folder), deployedFrom(folder, served)?.name);
    }
    return tasks.present;
  };

  const claims = new Turns();
  const lines = new Turns();
  const changed = async (source: string, outdated: AbortSignal): Promise<boolean> => {
    const began = performance.now();
    const place = placeOf(source);
    const operation = randomUUID();
    tasks.begin(operation);
    // Of two folders with one name, the second is refused; and lines come in the order of the folders.
    const claim = claims.take();
    const line = lines.take();
    let moved: string | undefined;
    /** What a failed build printed, where its error does not hold it. */
    const built: string[] = [];
    try {
      const deployed = await deploySource(
        client,
        source,
        { operation },
        {
          packed: async ({ name }) => {
            await claim.come;
            moved = tasks.claim(source, name);
            claim.end();
            output.deploying(name, place);
            return moved === undefined ? undefined : 'moved';
          },
          stage: (stage) => output.stage(place, stage),
          output: (said) => built.push(said),
        },
        (send) => send(AbortSignal.any([stop, outdated])),
      );
      const duration = performance.now() - began;
      await line.come;
      if (moved !== undefined) output.moved(deployed.shipment.name, placeOf(moved), place);
      output.deployed(deployed, duration);
      return true;
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      claim.end();
      const name = tasks.nameOf(source) ?? place;
      const code = error.cause instanceof ClientError ? error.cause.code : undefined;
      await line.come;
      if (stop.aborted) return false;
      if (code === 'superseded') output.superseded(name);
      else if (code === 'cancelled' && outdated.aborted) output.outdated(name);
      else output.failed(name, source, error, built);
      return false;
    } finally {
      claim.end();
      line.end();
      output.deployEnded(place);
    }
  };

  const removed = (source: string): void => {
    const name = tasks.remove(source);
    if (name !== undefined) output.removed(name, source);
  };
  const settled = async (sources: readonly string[]): Promise<void> => {
    await reportVanished(client, dir, output, tasks);
    output.watching(sources.length - tasks.duplicates);
  };
  const isStale = (source: string): boolean => tasks.isStale(source);
  const atOnce = availableParallelism();
  const watching = { roots: [dir], atOnce, isIgnored: isUnsearched, find, changed, isStale, removed, settled };
  await watchSources(new Map(), watching, stop);
}

async function servedTasks(client: FusionizerClient): Promise<TaskView[]> {
  return client.tasks().catch((error: unknown) => {
    // The events report a server that goes away, and `dev` goes on.
    if (isPassing(error)) return [];
    throw error;
  });
}

/** The Task that `deploy` made of a folder, or of the only source file in it. */
function deployedFrom(folder: string, served: readonly TaskView[]): TaskView | undefined {
  const full = path.resolve(folder);
  return served.find(({ source }) => source !== null && (source === full || path.dirname(source) === full));
}

/** Reports Tasks whose source in this folder was removed or renamed while nobody watched it. */
async function reportVanished(
  client: FusionizerClient,
  dir: string,
  output: DevOutput,
  tasks: DevTasks,
): Promise<void> {
  for (const { name, source } of await servedTasks(client)) {
    if (source === null || tasks.has(name)) continue;
    const below = path.relative(path.resolve(dir), source);
    const isOutside = below === '' || below.startsWith('..') || path.isAbsolute(below);
    if (isOutside || (await stat(source).catch(ifMissing(undefined)))) continue;
    tasks.lost(name, path.join(dir, below));
    output.removed(name, path.join(dir, below));
  }
}
