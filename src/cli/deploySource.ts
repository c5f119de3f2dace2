import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { isPassing } from '../client/errors.ts';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { OperationProgress, type ProgressListener } from '../client/operationProgress.ts';
import type { Operation, TaskView } from '../shared/api.ts';
import { messageOf } from '../shared/errors.ts';
import { prepareShipment, type Shipment } from '../task/shipment.ts';
import { describeError, type ErrorReport } from './errors.ts';
import { PROGRAM } from './invokedAs.ts';

export interface DeployOptions {
  name?: string | undefined;
  force?: boolean | undefined;
  /** Replaces a Task that was deployed from another source. */
  replace?: boolean | undefined;
  /** Reports the build's output while it runs. */
  live?: boolean | undefined;
  /** A UUID as the id of the operation. */
  operation?: string | undefined;
}

/** Follows one deploy. */
export interface DeployListener extends ProgressListener {
  /**
   * The Task is packed and about to be sent. It may throw to refuse it, and take its time.
   * @returns `moved` where the Task is known to come from another place than before
   */
  packed(shipment: Shipment): 'moved' | undefined | Promise<'moved' | undefined>;
}

export interface Deployed {
  shipment: Shipment;
  operation: Operation;
  task: TaskView;
  /** Whether the server had this very content already, and did nothing. */
  isUnchanged: boolean;
}

/** A deploy that failed. */
export class DeployError extends Error {
  /** The file, if it is known, from where the user stands: terminals make a link of it. */
  readonly report: ErrorReport;
  /** What still serves; undefined where the failure itself says all there is to say. */
  readonly left: string | undefined;

  constructor(cause: unknown, report: ErrorReport, left: string | undefined) {
    super(messageOf(cause), { cause });
    this.report = report;
    this.left = left;
  }
}

/**
 * Packs a Task's folder or file, deploys it, and waits until it serves.
 * @param run sends the request; its signal cancels the deploy
 * @throws DeployError
 */
export async function deploySource(
  client: FusionizerClient,
  source: string,
  { name, force, replace, live = false, operation: id = randomUUID() }: DeployOptions,
  listener: DeployListener,
  run: (send: (signal: AbortSignal) => Promise<Operation>) => Promise<Operation>,
): Promise<Deployed> {
  let shipment: Shipment | undefined;
  try {
    shipment = await prepareShipment(source, name);
    const moved = (await listener.packed(shipment)) === 'moved';
    const options = { force, replace: replace || moved, live, operation: id };
    const operation = await send(client, shipment, options, listener, run);
    const task = await client.task(shipment.name);
    return { shipment, operation, task, isUnchanged: !operation.stages.some(({ stage }) => stage === 'build') };
  } catch (error) {
    const left = isPassing(error) ? undefined : await whatIsLeft(client, source, shipment?.name ?? name, error);
    throw new DeployError(error, withHint(source, withPlace(source, describeError(error))), left);
  }
}

async function send(
  client: FusionizerClient,
  { name, source, zip }: Shipment,
  { live, ...options }: { force: boolean | undefined; replace: boolean; live: boolean; operation: string },
  listener: DeployListener,
  run: (send: (signal: AbortSignal) => Promise<Operation>) => Promise<Operation>,
): Promise<Operation> {
  const { operation } = options;
  const progress = new OperationProgress(client, operation, listener);
  await progress.follow(live);
  let result: Operation;
  try {
    result = await run((signal) => client.deploy(name, zip, { source, ...options, signal }));
  } catch (error) {
    const failed = await client.operation(operation).catch(() => undefined);
    await progress.end(failed);
    if (failed && (live || !errorHasOutput(failed))) progress.tellOutput(failed);
    throw error;
  }
  await progress.end(result);
  if (live) progress.tellOutput(result);
  return result;
}

/** Whether the error's own text holds all that the build printed. The commands themselves begin with `$`. */
function errorHasOutput({ log, error }: Operation): boolean {
  return log.every((line) => line.startsWith('$ ') || error?.detail.includes(line));
}

/** @param name undefined where the Task was refused before its name was known: the source finds it then */
async function whatIsLeft(
  client: FusionizerClient,
  source: string,
  name: string | undefined,
  failure: unknown,
): Promise<string | undefined> {
  try {
    const tasks = await client.tasks();
    const from = path.resolve(source);
    const served = tasks.filter((task) => (name === undefined ? task.source === from : task.name === name));
    if (served.length > 0) return served.map(describeServed).join('\n');
    return name === undefined ? undefined : `nothing is deployed as '${name}'`;
  } catch (error) {
    // A server that refuses every request has said why already. Nothing was sent yet where there is no name.
    if (name === undefined || messageOf(error) === messageOf(failure)) return undefined;
    return `cannot find out what serves as '${name}': ${messageOf(error)}`;
  }
}

function describeServed({ name, version, state }: TaskView): string {
  const what = state === 'ready' ? 'still serves' : `is still deployed, and ${state}`;
  return `version ${version} of Task '${name}' ${what}`;
}

function withPlace(source: string, report: ErrorReport): ErrorReport {
  if (report.file === undefined) return report;
  const isFile = path.basename(source) === report.file;
  return { ...report, file: isFile ? source : path.join(source, report.file) };
}

function withHint(source: string, report: ErrorReport): ErrorReport {
  if (report.code !== 'source') return report;
  const quoted = /^[\w./~-]+$/.test(source) ? source : JSON.stringify(source);
  return { ...report, hint: `To replace it: ${PROGRAM} deploy --replace ${quoted}` };
}
