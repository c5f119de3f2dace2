import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Command } from 'commander';
import { isPassing } from '../../client/errors.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { OperationProgress } from '../../client/operationProgress.ts';
import type { Operation, Stage, TaskView } from '../../shared/api.ts';
import { messageOf } from '../../shared/errors.ts';
import { formatDuration, formatSize } from '../../shared/format.ts';
import { prepareShipment, type Shipment } from '../../task/shipment.ts';
import { parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { describeError, type ErrorReport, exitCodeOf, printError, ReportedError, UsageError } from '../errors.ts';
import { ExitCode } from '../exitCodes.ts';
import { count, formatGroup } from '../format.ts';
import { withInterrupt } from '../interrupt.ts';
import { readContents, watchSources } from '../watchSources.ts';

interface DeployOptions {
  name?: string;
  force?: boolean;
  verbose?: boolean;
  watch?: boolean;
}

/** `fusionizer deploy`: zips folders or files, sends them, and shows the stages as they happen. */
export function registerDeploy(program: Command, cli: Cli): void {
  program
    .command('deploy')
    .summary('Deploy Tasks out of folders or files.')
    .description(
      'Deploy a Task out of its folder (with function.yaml) or its single source file. What lies in the folder is sent, but for what .fusionizerignore leaves out.',
    )
    .argument('[source...]', 'folders or files', ['.'])
    .option(
      '-n, --name <name>',
      "the Task's name (default: metadata.name, else the folder's or file's name)",
      parseName,
    )
    .option('-f, --force', 'deploy although nothing has changed')
    .option('-w, --watch', 'deploy again whenever files change, until Ctrl+C')
    .option('-v, --verbose', 'list the files that are sent and show what the build prints')
    .action(async (sources: string[], options: DeployOptions) => {
      if (options.name !== undefined && sources.length > 1)
        throw new UsageError('--name names one Task: deploy one folder or file with it');
      // Read before the first deploy: what changes meanwhile is deployed again.
      const contents = options.watch ? await readContents(sources) : undefined;
      let exitCode: number = ExitCode.ok;
      for (const source of sources) {
        const code = await deployOne(cli, source, options);
        exitCode ||= code;
        if (code === ExitCode.unreachable || code === ExitCode.cancelled) break;
      }
      const goesOn = exitCode !== ExitCode.unreachable && exitCode !== ExitCode.cancelled;
      if (contents && goesOn) await deployChanges(cli, contents, options);
      else if (exitCode !== ExitCode.ok) throw new ReportedError(exitCode);
    });
}

/** Deploys what changes, until Ctrl+C: that ends the command well when nothing is being deployed. */
async function deployChanges(
  cli: Cli,
  contents: Map<string, string | undefined>,
  options: DeployOptions,
): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  if (!cli.json) cli.err.line(`Watching ${[...contents.keys()].join(', ')}; Ctrl+C ends it`);
  try {
    await watchSources(contents, async (source) => void (await deployOne(cli, source, options)), stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** @returns the exit code */
async function deployOne(cli: Cli, source: string, options: DeployOptions): Promise<number> {
  const client = cli.client();
  let shipment: Shipment | undefined;
  try {
    shipment = await prepareShipment(source, options.name);
    await send(cli, client, shipment, options);
    return ExitCode.ok;
  } catch (error) {
    if (cli.json) cli.printJsonLine({ source, ok: false, error: describeError(error) });
    else {
      printError(cli, withPlace(source, describeError(error)));
      const left = isPassing(error)
        ? undefined
        : await whatIsLeft(client, source, shipment?.name ?? options.name, error);
      if (left !== undefined) cli.err.line(`  ${left}`);
    }
    return exitCodeOf(error);
  }
}

async function send(cli: Cli, client: FusionizerClient, shipment: Shipment, options: DeployOptions): Promise<void> {
  const { name, source, zip } = shipment;
  const { err, json } = cli;
  const began = performance.now();
  const say = json ? (): void => {} : err.line;
  say(err.colors.bold(`Deploying Task '${name}' from ${shipment.from}`));
  describeShipment(cli, shipment, options.verbose === true, say);
  const operation = randomUUID();
  const progress = new OperationProgress(client, operation, {
    stage: (stage) => say(`  ${err.colors.cyan(stage.padEnd(6))}  ${err.colors.dim(STAGES[stage])}`),
    output: (line) => say(err.colors.dim(`    ${line}`)),
  });
  await progress.follow(options.verbose === true && !json);
  let result: Operation;
  try {
    result = await withInterrupt(
      (signal) => client.deploy(name, zip, { source, force: options.force, operation, signal }),
      () => say('  cancelling; again to leave at once'),
    );
  } catch (error) {
    const failed = await client.operation(operation).catch(() => undefined);
    await progress.end(failed);
    if (failed && !json && !toldByError(failed)) progress.tellOutput(failed);
    throw error;
  }
  await progress.end(result);
  if (options.verbose) progress.tellOutput(result);
  const task = await client.task(name);
  if (json)
    return cli.printJsonLine({
      source: shipment.from,
      ok: true,
      task,
      operation: result,
      warnings: shipment.warnings,
      files: shipment.files.map((file) => ({ name: file.name, size: file.size })),
    });
  for (const warning of result.warnings) err.line(`  ${err.colors.yellow('warning')} ${warning}`);
  const unchanged = !result.stages.some(({ stage }) => stage === 'build');
  const took = formatDuration(performance.now() - began);
  if (unchanged) say(`  nothing has changed since version ${task.version}; --force deploys it all the same`);
  else
    say(
      `  version ${task.version} serves${task.group.length > 1 ? `, fused as ${formatGroup(task.group)}` : ''} ${err.colors.dim(`(${took})`)}`,
    );
  cli.out.line(task.address);
}

/** More warnings than these about what is not sent are summarised. */
const MANY_WARNINGS = 3;

const STAGES: Record<Stage, string> = {
  upload: 'received and unpacked',
  queued: 'waiting for its turn',
  build: 'making the function',
  start: 'starting its workers',
  ready: 'serving',
};

function describeShipment(
  { err }: Cli,
  { files, size, zip, warnings }: Shipment,
  list: boolean,
  say: (line: string) => void,
): void {
  say(
    `  ${err.colors.cyan('zip   ')}  ${err.colors.dim(`${count(files.length, 'file')}, ${formatSize(size)} (${formatSize(zip.length)} zipped)`)}`,
  );
  if (list) {
    const width = Math.max(...files.map((file) => formatSize(file.size).length));
    for (const file of files) say(`    ${formatSize(file.size).padStart(width)}  ${file.name}`);
  }
  const shown = list || warnings.length <= MANY_WARNINGS ? warnings : warnings.slice(0, MANY_WARNINGS - 1);
  for (const warning of shown) say(`  ${err.colors.yellow('warning')} ${warning}`);
  const left = warnings.length - shown.length;
  if (left > 0) say(`  ${err.colors.yellow('warning')} ${left} more are not sent; --verbose lists them`);
}

/** Whether the error's own text holds all that the build printed; the commands themselves begin with `$`. */
function toldByError({ log, error }: Operation): boolean {
  return log.every((line) => line.startsWith('$ ') || error?.detail.includes(line));
}

/**
 * What a deploy that did not succeed has left.
 * @param name undefined where the Task was refused before its name was known: then it is the one that was deployed from
 *   there
 * @returns undefined where there is nothing to say besides the failure itself
 */
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
    if (served.length > 0) return served.map(describeServed).join('\n  ');
    return name === undefined ? undefined : `nothing is deployed as '${name}'`;
  } catch (error) {
    // A server that refuses everything has said why; one that nothing was sent to yet is not what failed.
    if (name === undefined || messageOf(error) === messageOf(failure)) return undefined;
    return `what serves as '${name}' is not known: ${messageOf(error)}`;
  }
}

function describeServed({ name, version, state }: TaskView): string {
  return `version ${version} of Task '${name}' ${state === 'ready' ? 'still serves' : `is still deployed, and ${state}`}`;
}

/** The file of an error, from where the user stands: terminals make a link of it. */
function withPlace(source: string, report: ErrorReport): ErrorReport {
  if (report.file === undefined) return report;
  const isFile = path.basename(source) === report.file;
  return { ...report, file: isFile ? source : path.join(source, report.file) };
}
