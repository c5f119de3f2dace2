import type { Command } from 'commander';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { formatDuration, formatSize } from '../../shared/format.ts';
import { formatGroup } from '../../shared/setup.ts';
import type { Shipment } from '../../task/shipment.ts';
import { parseName } from '../arguments.ts';
import { withoutOutput } from '../buildOutput.ts';
import type { Cli } from '../cli.ts';
import { DeployError, type Deployed, deploySource } from '../deploySource.ts';
import { distinctTasks } from '../distinctTasks.ts';
import { exitCodeOf, printError, ReportedError, UsageError } from '../errors.ts';
import { ExitCode } from '../exitCodes.ts';
import { count } from '../format.ts';
import { withInterrupt } from '../interrupt.ts';
import { printStage } from '../stages.ts';
import { endEcho } from '../terminal.ts';
import { type Contents, readContents, watchSources } from '../watchSources.ts';

interface DeployCommandOptions {
  name?: string;
  force?: boolean;
  replace?: boolean;
  verbose?: boolean;
  watch?: boolean;
}

/** One run of the command. */
interface DeployRun extends DeployCommandOptions {
  /** @throws UsageError for a Task that this run deploys from another source */
  claim(source: string, name: string): void;
}

/** `fusionizer deploy`: zips folders or files, sends them, and shows the stages as they happen. */
export function registerDeploy(program: Command, cli: Cli): void {
  program
    .command('deploy')
    .summary('Deploy Tasks from folders or files.')
    .description(
      'Deploy a Task from its folder (with function.yaml) or its single source file. ' +
        'Everything in the folder is sent, except what .fusionizerignore excludes.',
    )
    .argument('[source...]', 'folders or files', ['.'])
    .option(
      '-n, --name <name>',
      "the Task's name (default: metadata.name, else the folder's or file's name)",
      parseName,
    )
    .option('-f, --force', 'deploy although nothing has changed')
    .option('--replace', 'replace a Task that was deployed from another folder')
    .option('-w, --watch', 'deploy again whenever files change, until Ctrl+C')
    .option('-v, --verbose', "list the files that are sent, and show the build's output")
    .action(async (sources: string[], options: DeployCommandOptions) => {
      if (options.name !== undefined && sources.length > 1)
        throw new UsageError('--name is for one Task. Deploy one folder or file with it.');
      const run = { ...options, claim: distinctTasks(sources) };
      // Read before the first deploy: a change during it is deployed afterwards.
      const contents = options.watch ? await readContents(sources) : undefined;
      const client = await cli.connect('change');
      let exitCode: number = ExitCode.ok;
      for (const source of sources) {
        const code = await deployOne(cli, client, source, run);
        exitCode ||= code;
        if (code === ExitCode.unreachable || code === ExitCode.cancelled) break;
      }
      const goesOn = exitCode !== ExitCode.unreachable && exitCode !== ExitCode.cancelled;
      if (contents && goesOn) await deployChanges(cli, client, contents, run);
      else if (exitCode !== ExitCode.ok) throw new ReportedError(exitCode);
    });
}

/** Deploys changes until Ctrl+C, which ends the command with success when no deploy runs. */
async function deployChanges(
  cli: Cli,
  client: FusionizerClient,
  contents: Contents,
  options: DeployRun,
): Promise<void> {
  const stop = new AbortController();
  let isDeploying = false;
  const interrupt = (signal: NodeJS.Signals): void => {
    // A deploy that runs does so itself.
    if (!isDeploying) endEcho(signal);
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const roots = [...contents.keys()];
  if (!cli.json) cli.err.line(`Watching ${roots.join(', ')}. Press Ctrl+C to stop.`);
  try {
    const changed = async (source: string, outdated: AbortSignal): Promise<boolean> => {
      isDeploying = true;
      try {
        return (await deployOne(cli, client, source, options, outdated)) === ExitCode.ok;
      } finally {
        isDeploying = false;
      }
    };
    await watchSources(contents, { roots, changed }, stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/**
 * @param outdated cancels the deploy, because a newer one follows
 * @returns the exit code
 */
async function deployOne(
  cli: Cli,
  client: FusionizerClient,
  source: string,
  options: DeployRun,
  outdated = new AbortController().signal,
): Promise<number> {
  const { err, json } = cli;
  const { name, force, replace, verbose = false, claim } = options;
  const say = json ? (): void => {} : err.line;
  const began = performance.now();
  /** What the build printed, as far as it is shown. */
  const shown: string[] = [];
  try {
    const deployed = await deploySource(
      client,
      source,
      { name, force, replace, live: verbose && !json },
      {
        packed: (shipment) => {
          claim(source, shipment.name);
          describeShipment(cli, shipment, verbose, say);
          return undefined;
        },
        stage: (stage) => printStage(cli, stage),
        output: (line) => {
          shown.push(line);
          say(err.colors.dim(`    ${line}`));
        },
      },
      (send) =>
        withInterrupt(
          (signal) => send(AbortSignal.any([signal, outdated])),
          () => say('  Cancelling. Press Ctrl+C again to leave at once.'),
        ),
    );
    printDeployed(cli, deployed, performance.now() - began);
    return ExitCode.ok;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const exitCode = exitCodeOf(error.cause);
    if (outdated.aborted && exitCode === ExitCode.cancelled && !json) say('  changed again: this deploy is cancelled');
    else if (json)
      cli.printJsonLine({ source, ok: false, error: error.report, ...(shown.length > 0 ? { output: shown } : {}) });
    else {
      printError(cli, withoutOutput(error.report, shown, '; its output is above'));
      for (const line of error.left?.split('\n') ?? []) err.line(`  ${line}`);
    }
    return exitCode;
  }
}

function printDeployed(cli: Cli, { shipment, operation, task, isUnchanged }: Deployed, duration: number): void {
  const { err } = cli;
  if (cli.json) {
    const { from, warnings } = shipment;
    const files = shipment.files.map(({ name, size }) => ({ name, size }));
    cli.printJsonLine({ source: from, ok: true, task, operation, warnings, files });
    return;
  }
  for (const warning of operation.warnings) err.line(`  ${err.colors.yellow('warning')} ${warning}`);
  if (isUnchanged) err.line(`  nothing has changed since version ${task.version}; --force deploys it all the same`);
  else {
    const fused = task.group.length > 1 ? `, fused as ${formatGroup(task.group)}` : '';
    err.line(`  version ${task.version} serves${fused} ${err.colors.dim(`(${formatDuration(duration)})`)}`);
  }
  cli.out.line(task.address);
}

/** If there are more warnings than these about files that are not sent, the rest is counted. */
const MANY_WARNINGS = 3;

function describeShipment(
  { err }: Cli,
  { name, from, files, size, zip, warnings }: Shipment,
  list: boolean,
  say: (line: string) => void,
): void {
  say(err.colors.bold(`Deploying Task '${name}' from ${from}`));
  const sent = `${count(files.length, 'file')}, ${formatSize(size)} (${formatSize(zip.length)} zipped)`;
  say(`  ${err.colors.cyan('zip   ')}  ${err.colors.dim(sent)}`);
  if (list) {
    const width = Math.max(...files.map((file) => formatSize(file.size).length));
    for (const file of files) say(`    ${formatSize(file.size).padStart(width)}  ${file.name}`);
  }
  const shown = list || warnings.length <= MANY_WARNINGS ? warnings : warnings.slice(0, MANY_WARNINGS - 1);
  for (const warning of shown) say(`  ${err.colors.yellow('warning')} ${warning}`);
  const left = warnings.length - shown.length;
  if (left > 0) say(`  ${err.colors.yellow('warning')} ${left} more are not sent; --verbose lists them`);
}
