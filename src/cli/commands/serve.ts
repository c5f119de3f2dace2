import { once } from 'node:events';
import { type Command, Option } from 'commander';
import type { LogRecord } from '../../shared/api.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer } from '../../startServer.ts';
import { defaultStateDir } from '../../state/stateDir.ts';
import { goOnAfterBrokenPipe } from '../brokenPipe.ts';
import type { Cli } from '../cli.ts';
import { formatLog } from '../format.ts';
import { addServerOptions, type ServerOptions, startServer, tokenHint } from '../serverOptions.ts';
import { CLOSING, closingSignals } from '../signals.ts';

interface ServeOptions extends ServerOptions {
  address?: string;
  config?: string;
}

/** `fusionizer serve`: runs a server in the foreground until Ctrl+C. */
export function registerServe(program: Command, cli: Cli): void {
  addServerOptions(program.command('serve').description('Run a Fusionizer server until Ctrl+C.'))
    // The original Fusionizer's names of two options.
    .addOption(new Option('--address <host>', 'the same as --host').hideHelp())
    .addOption(new Option('--config <file>', 'the same as --schedule').hideHelp())
    .action((options: ServeOptions) => serve(cli, options));
}

async function serve(cli: Cli, { address, config, ...options }: ServeOptions): Promise<void> {
  const state = options.state ?? defaultStateDir(process.cwd());
  if (address !== undefined) options.host = address;
  const schedule = options.schedule ?? config;
  if (schedule !== undefined) options.schedule = schedule;
  goOnAfterBrokenPipe();
  const { stop, hurry } = closingSignals(() => {
    if (!cli.json) cli.err.line(CLOSING);
  });
  let server: FusionizerServer;
  try {
    server = await startServer(options, state, stop, (record) => printLog(cli, record));
  } catch (error) {
    // Stopped by a signal while it started: it has cleaned up.
    if (stop.aborted) return;
    throw error;
  }
  if (!stop.aborted) {
    printReady(cli, server, state);
    await once(stop, 'abort');
  }
  await server.close(hurry);
}

function printReady({ out, err, json, printJsonLine }: Cli, server: FusionizerServer, state: string): void {
  const address = withoutSlash(server.address.href);
  const { tokenFile } = server;
  if (json) {
    printJsonLine({ address, state, ...(tokenFile === undefined ? {} : { tokenFile }) });
    return;
  }
  err.line(err.colors.dim(`Tasks and state are kept in ${state}`));
  if (tokenFile !== undefined) err.line(tokenHint(tokenFile));
  out.line(`Fusionizer is ready at ${address}`);
}

function printLog({ err, json }: Cli, record: LogRecord): void {
  err.line(json ? JSON.stringify(record) : formatLog(err, record));
}
