import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { type FoundCases, findCases } from '../../client/cases/findCases.ts';
import type { CaseResult } from '../../client/cases/runCase.ts';
import { apartAndFused, checkGroups, onOwnServer, runWays, type Way } from '../../client/cases/ways.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { formatGroups } from '../../shared/setup.ts';
import { findTasks } from '../../task/findTasks.ts';
import { collect, parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { type DeployListener, deploySource } from '../deploySource.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exitCodes.ts';
import { PROGRAM } from '../invokedAs.ts';
import { loadServer } from '../serverOptions.ts';
import { closingSignals } from '../signals.ts';
import { junitOf } from '../test/junit.ts';
import { printResult } from '../test/testOutput.ts';

interface TestOptions {
  readonly dir: string;
  readonly group?: string[];
  readonly only?: 'apart' | 'fused';
  readonly junit?: string;
  readonly update?: boolean;
}

/** `fusionizer test`: sends the saved payloads that have an expected answer, with the Tasks apart and fused. */
export function registerTest(program: Command, cli: Cli): void {
  program
    .command('test')
    .summary('Send saved payloads, and compare the answers with the expected ones.')
    .description(
      'Send every payload of .fusionizer/payloads/TASK/ that has an expected answer beside it ' +
        '(one.json, one.expected.json), with the Tasks apart and then fused, on a server that is started for it ' +
        'with all Tasks of the folder. With --server, that server is used as it is, and nothing is deployed.',
    )
    .argument('[task...]', 'only the payloads of these Tasks', collectName)
    .option('-C, --dir <dir>', 'the folder with the Tasks and the payloads', '.')
    .option(
      '-g, --group <names>',
      'a group to fuse, TASK,TASK; may be repeated (default: all Tasks of one runtime)',
      collect,
    )
    .option('--only <way>', 'apart or fused')
    .option('--junit <file>', "write the results as JUnit's XML")
    .option('--update', 'write the answers as the expected ones; what is ignored stays so')
    .addHelpText('after', `\nExample:\n  ${PROGRAM} test cart --junit results.xml`)
    .action((tasks: string[], options: TestOptions) => test(cli, tasks, options));
}

const collectName = (value: string, before: string[] | undefined): string[] => [...(before ?? []), parseName(value)];

async function test(cli: Cli, tasks: readonly string[], options: TestOptions): Promise<void> {
  check(cli, options);
  if (!(await stat(options.dir).catch(() => undefined))?.isDirectory())
    throw new UsageError(`${options.dir} is not a folder. Name the folder that holds the Tasks.`);
  const found = await findCases(options.dir, tasks);
  if (found.cases.length === 0) throw noCases(options.dir, found);
  const { stop } = closingSignals(
    (text) => cli.err.line(text),
    () => undefined,
  );
  const results = cli.isServerNamed
    ? await runAll(cli, await cli.connect('read'), found, [{ name: 'as it is', setup: undefined }], options, stop)
    : await withServer(cli, options, stop, (client, names) =>
        ways(client, names, options).then((all) => runAll(cli, client, found, all, options, stop)),
      );
  if (stop.aborted) return;
  if (options.junit !== undefined) await writeFile(options.junit, junitOf(results));
  report(cli, found, results);
}

function check(cli: Cli, { only, group }: TestOptions): void {
  if (only !== undefined && only !== 'apart' && only !== 'fused')
    throw new UsageError(`'${only}' is not a way to run Tasks. Write apart or fused.`);
  if (cli.isServerNamed && (only !== undefined || group !== undefined))
    throw new UsageError(
      '--only and --group change a setup, and the server that is named keeps its own. Leave them out.',
    );
}

function noCases(dir: string, { untested, orphans }: FoundCases): FusionizerError {
  const more =
    untested > 0
      ? ` ${untested} payloads have none: write NAME.expected.json beside one, such as {"status": 200}, and run ` +
        'with --update'
      : '';
  const lost =
    orphans.length > 0 ? ` ${orphans.map((file) => path.relative(dir, file)).join(', ')} has no payload.` : '';
  return new FusionizerError(
    'not-found',
    `No payload in ${path.join(dir, '.fusionizer', 'payloads')} has an expected answer.${more}${lost}`,
  );
}

/** A failed deploy says what it printed itself. */
const NOBODY: DeployListener = { packed: () => undefined, stage: () => undefined, output: () => undefined };

/** Starts a server on a free port with an empty state, deploys all Tasks of the folder, and cleans up. */
async function withServer<T>(
  cli: Cli,
  { dir }: TestOptions,
  signal: AbortSignal,
  work: (client: FusionizerClient, names: readonly string[]) => Promise<T>,
): Promise<T> {
  const { startFusionizerServer } = await loadServer();
  return onOwnServer(
    (state) => startFusionizerServer({ port: 0, state, signal, grace: 0 }),
    ({ href }, token) => cli.client({ address: href, token }),
    async (client) => {
      const names: string[] = [];
      for (const source of await findTasks(dir)) {
        const { shipment } = await deploySource(client, source, {}, NOBODY, (send) => send(signal));
        names.push(shipment.name);
      }
      return work(client, names);
    },
  );
}

async function ways(client: FusionizerClient, names: readonly string[], { only, group }: TestOptions): Promise<Way[]> {
  const groups = group?.map((one) => one.split(',').map((name) => parseName(name.trim())));
  if (groups) checkGroups(groups, names);
  const all = await apartAndFused(client, groups);
  return all.filter(({ name }) => only === undefined || name === only);
}

/** Runs the cases, and prints how each ends. */
function runAll(
  cli: Cli,
  client: FusionizerClient,
  { cases }: FoundCases,
  all: readonly Way[],
  { update = false }: TestOptions,
  signal: AbortSignal,
): Promise<CaseResult[]> {
  return runWays(
    client,
    cases,
    all,
    { update, signal },
    {
      began: ({ name, setup }) => {
        if (!cli.json) cli.out.line(`${name}${setup && setup.length > 0 ? `: ${formatGroups(setup)}` : ''}`);
      },
      ended: (result) => {
        if (!cli.json) printResult(cli.out, result);
      },
    },
  );
}

function report(cli: Cli, { untested, orphans }: FoundCases, results: readonly CaseResult[]): void {
  const failed = results.filter(({ differences, error }) => differences.length > 0 || error !== undefined).length;
  if (failed > 0) process.exitCode = ExitCode.failed;
  if (cli.json) {
    const all = results.map(({ test, ...result }) => ({ task: test.task, name: test.name, ...result }));
    cli.printJson({ passed: results.length - failed, failed, results: all });
    return;
  }
  cli.out.line();
  cli.out.line(`${results.length - failed} passed, ${failed} failed`);
  if (untested > 0) cli.err.line(`${untested} payloads have no expected answer.`);
  for (const file of orphans) cli.err.line(`${path.relative('.', file)} has no payload beside it.`);
}
