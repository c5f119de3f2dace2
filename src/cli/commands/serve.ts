import { once } from 'node:events';
import type { Command } from 'commander';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer } from '../../startServer.ts';
import { defaultStateDir } from '../../state/stateDir.ts';
import { goOnAfterBrokenPipe } from '../brokenPipe.ts';
import type { Cli } from '../cli.ts';
import { ServerLogOutput } from '../serverLogOutput.ts';
import {
  addServerOptions,
  checkValues,
  levelOf,
  type ServerOptions,
  startServer,
  tokenHint,
  withoutEffect,
} from '../serverOptions.ts';
import { closingSignals } from '../signals.ts';

/** `fusionizer serve`: runs a server in the foreground until Ctrl+C. */
export function registerServe(program: Command, cli: Cli): void {
  const command = program.command('serve').description('Run a Fusionizer server until Ctrl+C.');
  cli.withoutServer(command, 'It runs a server of its own: --host and --port say where.');
  addServerOptions(command).action((options: ServerOptions) => serve(cli, options));
}

async function serve(cli: Cli, options: ServerOptions): Promise<void> {
  checkValues(options);
  const state = options.state ?? defaultStateDir(process.cwd());
  goOnAfterBrokenPipe();
  const say = cli.json || options.quiet ? (): void => undefined : cli.err.line;
  for (const warning of withoutEffect(options)) say(`${cli.err.colors.yellow('warning')} ${warning}`);
  const output = new ServerLogOutput(cli, levelOf(options));
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
