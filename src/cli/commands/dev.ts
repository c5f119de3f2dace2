import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { LogRecord } from '../../shared/api.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import type { FusionizerServer } from '../../startServer.ts';
import { type LocalServer, serverOfFolder, serverOfState } from '../../state/localServer.ts';
import { defaultStateDir } from '../../state/stateDir.ts';
import { goOnAfterBrokenPipe } from '../brokenPipe.ts';
import type { Cli } from '../cli.ts';
import { deployAndWatch } from '../dev/deployTasks.ts';
import { DevOutput } from '../dev/devOutput.ts';
import { DevTasks } from '../dev/devTasks.ts';
import { followServer } from '../dev/followServer.ts';
import { UsageError } from '../errors.ts';
import { PortTakenError } from '../portHolder.ts';
import {
  addServerOptions,
  checkValues,
  flagOf,
  levelOf,
  type ServerOptions,
  startServer,
  tokenHint,
  withoutEffect,
} from '../serverOptions.ts';
import { closingSignals } from '../signals.ts';

/**
 * Options that find a running server, too, or say what this command prints. The others work only on a server that is
 * started here.
 */
const ALWAYS = ['state', 'tokenFile', 'logLevel', 'quiet'];

interface DevServer extends Pick<LocalServer, 'address' | 'token'> {
  /** A line about it; for a person. */
  readonly about: string;
  /** How many events run; undefined for a server that runs in another process. */
  readonly running: (() => number) | undefined;
  close(hurry: AbortSignal): Promise<void>;
}

/** `fusionizer dev`: serves, deploys all Tasks of a folder, watches them, and shows logs and requests. */
export function registerDev(program: Command, cli: Cli): void {
  const command = program
    .command('dev')
    .summary('Serve and deploy all Tasks of a folder, and follow their changes.')
    .description(
      'Run a server, deploy every Task in a folder and below it, deploy again what changes, ' +
        'and show logs and requests, ' +
        "until Ctrl+C. A server that serves the folder already, such as the editor's, " +
        'is used instead and keeps running.',
    )
    .argument('[dir]', 'the folder', '.');
  addServerOptions(command).action((dir: string, options: ServerOptions) => {
    const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
    return dev(cli, dir, options, given);
  });
}

async function dev(cli: Cli, dir: string, options: ServerOptions, given: readonly string[]): Promise<void> {
  if (!(await stat(dir).catch(() => undefined))?.isDirectory())
    throw new UsageError(`${dir} is not a folder. Name the folder that holds the Tasks.`);
  checkValues(options);
  goOnAfterBrokenPipe();
  const output = new DevOutput(cli, levelOf(options));
  for (const warning of withoutEffect(options)) output.note(`${cli.out.colors.yellow('warning')} ${warning}`, 'warn');
  let keepsRunning: string | undefined;
  let running: (() => number) | undefined;
  const { stop, hurry } = closingSignals(
    (text) =>
      output.note(
        keepsRunning === undefined ? text : `Stopped watching. The server at ${keepsRunning} keeps running.`,
        'warn',
      ),
    () => running?.(),
    options.grace,
  );
  let isFollowed = false;
  const other = await runningServer(cli, dir, options, given);
  if (other !== undefined) keepsRunning = withoutSlash(other.address);
  const server =
    other ??
    (await ownServer(dir, options, given, stop, (record) => {
      if (!isFollowed) output.log([], record);
    }).catch((error: unknown) => {
      // Stopped by a signal while it started: it has cleaned up.
      if (!stop.aborted) throw error;
      return undefined;
    }));
  if (server === undefined) return;
  running = server.running;
  try {
    const client = cli.client(server);
    const { pid, tasks } = await client.health({ signal: stop });
    output.ready(withoutSlash(server.address), server.about, { pid, tasks });
    const known = new DevTasks();
    const following = followServer(client, output, known, stop);
    await following.connected;
    isFollowed = true;
    await Promise.race([following.ended, deployAndWatch(client, dir, output, known, stop)]);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await server.close(hurry);
  }
}

/** The server that is named, or that serves the folder already. */
async function runningServer(
  cli: Cli,
  dir: string,
  { state, tokenFile }: ServerOptions,
  given: readonly string[],
): Promise<DevServer | undefined> {
  const found = cli.isServerNamed
    ? { address: cli.server, token: undefined }
    : state === undefined
      ? await serverOfFolder(dir)
      : await serverOfState(state, tokenFile);
  if (found === undefined) return undefined;
  const useless = given.filter((name) => !ALWAYS.includes(name)).map(flagOf);
  if (useless.length > 0)
    throw new UsageError(
      `${useless.join(', ')} cannot change the server at ${withoutSlash(found.address)}, which runs already. ` +
        'Stop that server first, or leave the option out.',
    );
  const about = cli.isServerNamed
    ? 'It keeps running after Ctrl+C.'
    : 'It serves this folder already, and keeps running after Ctrl+C.';
  return { address: found.address, token: found.token, about, running: undefined, close: async () => undefined };
}

async function ownServer(
  dir: string,
  options: ServerOptions,
  given: readonly string[],
  stop: AbortSignal,
  log: (record: LogRecord) => void,
): Promise<DevServer> {
  const state = options.state ?? defaultStateDir(dir);
  let server: FusionizerServer;
  let about = `Tasks and state are kept in ${state}`;
  try {
    server = await startServer(options, state, stop, { log, folder: dir });
  } catch (error) {
    if (given.includes('port') || !(error instanceof PortTakenError)) throw error;
    about = `Port ${options.port} is in use by ${error.holder}, so this is a free one. ${about}`;
    server = await startServer({ ...options, port: 0 }, state, stop, { log, folder: dir });
  }
  const { tokenFile } = server;
  if (tokenFile !== undefined) about += `\n${tokenHint(tokenFile)}`;
  const token = tokenFile === undefined ? undefined : (await readFile(tokenFile, 'utf8')).trim();
  return { address: server.address.href, token, about, running: server.running, close: (hurry) => server.close(hurry) };
}
