import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { type LogLevel, logLevelSchema } from '../../shared/api.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer } from '../../startServer.ts';
import { defaultStateDir } from '../../state/stateDir.ts';
import { goOnAfterBrokenPipe } from '../brokenPipe.ts';
import type { Cli } from '../cli.ts';
import { ServerLogOutput } from '../serverLogOutput.ts';
import { addServerOptions, checkValues, type ServerOptions, startServer, tokenHint } from '../serverOptions.ts';
import { closingSignals } from '../signals.ts';

interface ServeOptions extends ServerOptions {
  config?: string;
  logLevel: LogLevel;
  quiet?: boolean;
  registry?: string;
  namespace?: string;
  kubeconfig?: string;
}

/** Options of the original Fusionizer for platforms that build images or run in a cluster. */
const MEANINGLESS = ['registry', 'namespace', 'kubeconfig'] as const;

/** `fusionizer serve`: runs a server in the foreground until Ctrl+C. */
export function registerServe(program: Command, cli: Cli): void {
  addServerOptions(program.command('serve').description('Run a Fusionizer server until Ctrl+C.'))
    .addOption(
      new Option('--log-level <level>', 'print requests, changes and log records of this level and above')
        .choices(logLevelSchema.options)
        .default('debug'),
    )
    .addOption(new Option('--quiet', 'print the address and errors only').conflicts('logLevel'))
    // Options of the original Fusionizer: another name, and some without a meaning here.
    .addOption(new Option('--config <file>', 'the same as --schedule').hideHelp())
    .addOption(new Option('-r, --registry <registry>').hideHelp())
    .addOption(new Option('-n, --namespace <namespace>').hideHelp())
    .addOption(new Option('-k, --kubeconfig <file>').hideHelp())
    .action((options: ServeOptions) => serve(cli, options));
}

async function serve(cli: Cli, { config, logLevel, quiet, ...options }: ServeOptions): Promise<void> {
  checkValues(options);
  const state = options.state ?? defaultStateDir(process.cwd());
  const schedule = options.schedule ?? config;
  if (schedule !== undefined) options.schedule = schedule;
  goOnAfterBrokenPipe();
  const say = cli.json || quiet ? (): void => undefined : cli.err.line;
  for (const name of MEANINGLESS.filter((one) => options[one] !== undefined))
    say(`${cli.err.colors.yellow('warning')} --${name} has no meaning on the embedded platform`);
  const output = new ServerLogOutput(cli, quiet ? 'error' : logLevel);
  process.once('exit', () => output.flush());
  const inOrder = (text: string): void => {
    output.flush();
    say(text);
  };
  let isPlaceSaid = false;
  /** Before all that happens to them, but not before an error for which nothing happens. */
  const sayPlace = (): void => {
    if (!isPlaceSaid) say(cli.err.colors.dim(`Tasks and state are kept in ${state}`));
    isPlaceSaid = true;
  };
  let server: FusionizerServer | undefined;
  const { stop, hurry } = closingSignals(inOrder, () => server?.running(), options.grace);
  try {
    server = await startServer(options, state, stop, {
      folder: process.cwd(),
      log: (record) => {
        sayPlace();
        output.record(record);
      },
      request: (record) => output.request(record),
      change: (operation) => {
        sayPlace();
        output.change(operation);
      },
    });
    if (!stop.aborted) {
      sayPlace();
      // What was restored comes first.
      output.flush();
      printReady(cli, server, state, say);
      await once(stop, 'abort');
    }
    await server.close(hurry);
  } catch (error) {
    // Stopped by a signal while it started: it has cleaned up.
    if (server !== undefined || !stop.aborted) throw error;
  } finally {
    // Before the error that ends the command.
    output.flush();
  }
}

function printReady(
  { out, json, printJsonLine }: Cli,
  server: FusionizerServer,
  state: string,
  say: (text: string) => void,
): void {
  const address = withoutSlash(server.address.href);
  const { tokenFile } = server;
  if (json) {
    printJsonLine({ address, state, ...(tokenFile === undefined ? {} : { tokenFile }) });
    return;
  }
  if (tokenFile !== undefined) say(tokenHint(tokenFile));
  out.line(`Fusionizer is ready at ${address}`);
}
