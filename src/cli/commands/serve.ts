import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { loadOptimizer } from '../../optimizer/load.ts';
import type { Optimizer } from '../../optimizer/optimizer.ts';
import type { LogRecord } from '../../shared/api.ts';
import { FusionizerError } from '../../shared/errors.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer } from '../../startServer.ts';
import { defaultStateDir, makeStateDir } from '../../state/stateDir.ts';
import { parsePort, parseSeconds } from '../arguments.ts';
import { goOnAfterBrokenPipe } from '../brokenPipe.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { formatLog } from '../format.ts';

interface ServeOptions {
  host: string;
  address?: string;
  port: number;
  platform: string;
  state?: string;
  schedule?: string;
  config?: string;
  optimizer?: string;
  python?: string;
  allowSystemCommands?: boolean;
  allowHost?: string[];
  auth: 'auto' | 'always';
  tokenFile?: string;
  grace?: number;
}

const PLATFORMS = ['embedded'];

/** `fusionizer serve`: runs a server in the foreground until Ctrl+C. */
export function registerServe(program: Command, cli: Cli): void {
  program
    .command('serve')
    .description('Run a Fusionizer server until Ctrl+C.')
    .option('--port <port>', 'where to listen; 0 takes a free port', parsePort, 8000)
    .option('-a, --host <host>', 'the address to listen on', '127.0.0.1')
    .option(
      '--state <dir>',
      "where Tasks, builds and state live (default: the user's state folder, one for each working directory)",
    )
    .option('-c, --schedule <file>', 'follow this schedule; a change of the file is taken up')
    .addOption(
      new Option('--optimizer <module>', 'let this module decide on setups, see docs/optimizers.md').conflicts([
        'schedule',
        'config',
      ]),
    )
    .option('-p, --platform <platform>', `where functions run: ${PLATFORMS.join(', ')}`, 'embedded')
    .option('--python <path>', 'the Python interpreter for Tasks (default: python3)')
    .addOption(
      new Option('--auth <when>', 'ask for a token: unless only the loopback address is listened on, or always')
        .choices(['auto', 'always'])
        .default('auto'),
    )
    .option(
      '--token-file <file>',
      "the admin token's file, made if it is not there (default: token in the state folder)",
    )
    .option('--allow-host <name...>', 'names that the server is reached by, besides IP addresses and localhost')
    .option('--allow-system-commands', 'let build commands use system package managers and sudo')
    .option(
      '--grace <seconds>',
      'how long running events may take to end when the server closes (default: 10)',
      parseSeconds,
    )
    // The original Fusionizer's names of these.
    .addOption(new Option('--address <host>', 'the same as --host').hideHelp())
    .addOption(new Option('--config <file>', 'the same as --schedule').hideHelp())
    .action((options: ServeOptions) => serve(cli, options));
}

async function serve(cli: Cli, options: ServeOptions): Promise<void> {
  if (!PLATFORMS.includes(options.platform))
    throw new UsageError(`There is no platform '${options.platform}' here: there is ${PLATFORMS.join(' and ')}`);
  const state = options.state ?? defaultStateDir(process.cwd());
  await makeStateDir(state);
  const optimizer = options.optimizer === undefined ? undefined : await optimizerOf(options.optimizer);
  goOnAfterBrokenPipe();
  const { stop, hurry } = signals(() => {
    if (!cli.json) cli.err.line('closing: running events may end; again to end them at once');
  });
  // Loaded here: no other command needs the server, and they start faster without it.
  const { startFusionizerServer } = await import('../../startServer.ts');
  let server: FusionizerServer;
  try {
    server = await startFusionizerServer({
      host: options.address ?? options.host,
      port: options.port,
      state,
      schedule: options.schedule ?? options.config,
      optimizer,
      python: options.python,
      allowSystemCommands: options.allowSystemCommands,
      allowHosts: options.allowHost,
      auth: options.auth,
      tokenFile: options.tokenFile,
      grace: options.grace,
      signal: stop,
      log: (record) => printLog(cli, record),
    });
  } catch (error) {
    // Told to close while it started: it has cleaned up.
    if (stop.aborted) return;
    throw error;
  }
  if (!stop.aborted) {
    tellReady(cli, server, state);
    await once(stop, 'abort');
  }
  await server.close(hurry);
}

/** @throws UsageError for a module that is no optimizer */
async function optimizerOf(module: string): Promise<Optimizer> {
  try {
    return await loadOptimizer(module);
  } catch (error) {
    throw error instanceof FusionizerError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function tellReady({ out, err, json, printJsonLine }: Cli, server: FusionizerServer, state: string): void {
  const address = withoutSlash(server.address.href);
  const { tokenFile } = server;
  if (json) printJsonLine({ address, state, ...(tokenFile === undefined ? {} : { tokenFile }) });
  else {
    err.line(err.colors.dim(`Tasks and state are kept in ${state}`));
    if (tokenFile !== undefined)
      err.line(
        `Requests need the token in ${tokenFile}: FUSIONIZER_TOKEN="$(cat ${inShell(tokenFile)})" for the command line`,
      );
    out.line(`Fusionizer is ready at ${address}`);
  }
}

/** A path as a shell takes it. */
function inShell(file: string): string {
  return /^[\w/.@+-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

function printLog({ err, json }: Cli, record: LogRecord): void {
  err.line(json ? JSON.stringify(record) : formatLog(err, record));
}

/**
 * The first signal (Ctrl+C, SIGTERM) closes in good order, the second one without waiting for events, a third one ends
 * the process as it is.
 */
function signals(told: () => void): { stop: AbortSignal; hurry: AbortSignal } {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (_signal: NodeJS.Signals, number: number): void => {
    if (hurry.signal.aborted) process.exit(128 + number);
    if (stop.signal.aborted) {
      process.exitCode = 128 + number;
      hurry.abort();
      return;
    }
    told();
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stop: stop.signal, hurry: hurry.signal };
}
