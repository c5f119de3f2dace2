import { rm } from 'node:fs/promises';
import type { Platform } from '../platform/platform.ts';
import { FusionizerError } from '../shared/errors.ts';
import { sameGroup } from '../shared/setup.ts';
import { hashFolder } from '../task/hash.ts';
import { readTaskDefinition, type Task } from '../task/task.ts';
import { withLine } from '../task/yaml/configPlace.ts';
import { checkSource, placeOf, type SourcePlace } from './deployedFrom.ts';
import type { OperationHandle } from './operations.ts';
import { reachOf, wantedGroup } from './reach.ts';
import type { Reconciler } from './reconciler.ts';
import { withAdvice } from './startFaults.ts';
import type { Store } from './store.ts';
import type { TaskNotes } from './taskNotes.ts';

export interface DeployRequest {
  name: string;
  /**
   * Receives and unpacks the upload until the signal aborts it.
   * @returns a folder of `store.newFolder()`, which the Fusionizer takes over
   */
  receive(signal: AbortSignal): Promise<string>;
  /** Where it comes from; null for a client that does not say so, which is never refused for it. */
  source: string | null;
  /** The Task of another source is replaced. */
  replace: boolean;
  force: boolean;
  operation: string | undefined;
}

export interface DeployParts {
  platform: Platform;
  store: Store;
  reconciler: Reconciler;
  notes: TaskNotes;
  /** The warnings of the operation so far. */
  warnings(): readonly string[];
}

/**
 * Deploys or redeploys a Task in the group that the desired setup has for it; resolves when it serves. A failure
 * changes nothing.
 * @throws FusionizerError `task` when the Task is at fault, `source` when another source has the name, `platform`,
 * `superseded`, `cancelled`
 */
export async function deploy(request: DeployRequest, handle: OperationHandle, parts: DeployParts): Promise<Task> {
  const from = request.source === null ? undefined : await placeOf(request.source);
  const check = async (runtime?: string): Promise<void> => {
    const current = parts.reconciler.actual.task(request.name);
    if (from && current && !request.replace) await checkSource(from, current, runtime);
  };
  // Before the upload, which may be long, and again when no other deploy of the Task is under way.
  await check();
  handle.stage('upload');
  const uploaded = await request.receive(handle.signal);
  try {
    return await deployFolder(uploaded, { ...request, from, check }, handle, parts);
  } catch (error) {
    throw await withLine(error, uploaded);
  } finally {
    await rm(uploaded, { recursive: true, force: true });
  }
}

interface CheckedRequest extends DeployRequest {
  readonly from: SourcePlace | undefined;
  /** @throws FusionizerError `source` when the Task belongs to another source by now, as far as the runtime shows it */
  check(runtime: string): Promise<void>;
}

async function deployFolder(
  uploaded: string,
  request: CheckedRequest,
  handle: OperationHandle,
  parts: DeployParts,
): Promise<Task> {
  const { platform, store, reconciler, notes } = parts;
  const { actual } = reconciler;
  const { name, from, replace } = request;
  const { warnings, ...definition } = await readTaskDefinition(uploaded, name);
  platform.check(definition.config, definition.runtime);
  const hash = await hashFolder(uploaded);
  for (const warning of warnings) handle.warn(warning);
  handle.stage('queued');
  const task = await reconciler.submit(
    { kind: 'deploy', name, from, replace },
    handle,
    () => reachOf([name], reconciler.desired, actual),
    async (signal) => {
      await request.check(definition.runtime.family);
      const current = actual.task(name);
      // Tracebacks name the source: a Task whose folder was renamed is built again.
      const moved = request.source !== null && request.source !== current?.source;
      const unchanged =
        current?.hash === hash && !moved && actual.route(name)?.fn.state === 'ready' && !notes.apart.has(name);
      if (unchanged && !request.force) return current;
      const version = (await store.lastVersion(name)) + 1;
      const dir = await store.addVersion(name, version, uploaded);
      const fresh: Task = {
        ...definition,
        name,
        version,
        dir,
        hash,
        source: request.source,
        isSourceHere: from?.real !== undefined,
        deployedAt: new Date().toISOString(),
      };
      try {
        await place(fresh, { ...handle, signal }, request.force, parts);
      } catch (error) {
        const placed = await withLine(await withAdvice(error, fresh), dir);
        await store.removeVersion(name, version);
        throw placed;
      }
      notes.warnings.set(name, [...parts.warnings()]);
      await store.prune(name, version);
      return fresh;
    },
  );
  notes.lastErrors.delete(name);
  return task;
}

/** Serves a new version in its desired group; or outside of it, if it was not in that group before and cannot join. */
async function place(
  task: Task,
  handle: OperationHandle,
  force: boolean,
  { reconciler, notes }: DeployParts,
): Promise<void> {
  const { actual } = reconciler;
  const { name } = task;
  const wanted = wantedGroup(name, reconciler.desired, actual);
  const current = actual.task(name) ? actual.servedWith(name) : undefined;
  try {
    await reconciler.move([wanted], handle, { replace: task, force });
    notes.apart.delete(name);
  } catch (error) {
    const joins = wanted.length > 1 && !(current && sameGroup(current, wanted));
    const fault = error instanceof FusionizerError && (error.code === 'task' || error.code === 'setup');
    if (!joins || !fault || handle.signal.aborted) throw asTaskFault(error);
    await reconciler.move([[...(current ?? [name])]], handle, { replace: task, force }).catch((again: unknown) => {
      throw asTaskFault(again);
    });
    const reason =
      `Task '${name}' serves ${current && current.length > 1 ? 'in its old group' : 'alone'}, ` +
      `because it cannot join ${JSON.stringify(wanted)}: ${error.message}`;
    notes.apart.set(name, reason);
    handle.warn(reason);
  }
}

/** If a group's members do not fit, the Task that is being deployed into it is at fault. */
function asTaskFault(error: unknown): unknown {
  if (!(error instanceof FusionizerError) || error.code !== 'setup') return error;
  return new FusionizerError('task', error.message, { cause: error });
}
