import { type Command, Option } from 'commander';
import { type LogLevel, logLevelSchema } from '../shared/api.ts';
import { FusionizerError } from '../shared/errors.ts';
import { readSchedule } from '../shared/readSchedule.ts';
import { RECORD_MODES, type RecordMode } from '../shared/traceApi.ts';
import type { FusionizerServer, FusionizerServerOptions } from '../startServer.ts';
import { makeStateDir } from '../state/stateDir.ts';
import { parseCount, parsePort, parseSeconds } from './arguments.ts';
import { UsageError } from './errors.ts';
import { inShell } from './invokedAs.ts';
import { withHolder } from './portHolder.ts';

export interface ServerOptions {
  host?: string;
  address?: string;
  port: number;
  platform: string;
  state?: string;
  schedule?: string;
  optimizer?: string;
  python?: string;
  allowSystemCommands?: boolean;
  allowHost?: string[];
  auth: 'auto' | 'always';
  tokenFile?: string;
  grace?: number;
  maxDepth?: number;
  maxWorkers?: number;
  record: RecordMode;
  recordLimit?: number;
  logLevel: LogLevel;
  quiet?: boolean;
  config?: string;
  registry?: string;
  namespace?: string;
  kubeconfig?: string;
}

/** Options of the original Fusionizer for platforms that build images or run in a cluster. */
const MEANINGLESS = ['registry', 'namespace', 'kubeconfig'] as const;

const PLATFORMS = ['embedded'];
/** The original Fusionizer's word for "find out"; there is one platform to find. */
const AUTO = 'auto';

/** The options of commands that run a server. */
export function addServerOptions(command: Command): Command {
  return (
    command
      .option('--port <port>', 'the port to listen on; 0 takes a free one', parsePort, 8000)
      .option('--host <host>', 'the address to listen on (default: 127.0.0.1; with --address all)')
      .option('-a, --address <host>', "the server's own address or name, by which Tasks and other machines reach it")
      .option(
        '--state <dir>',
        "the folder for Tasks, builds and state (default: in the user's state folder, one for each working directory)",
      )
      .option('-c, --schedule <file>', 'follow this schedule, and reload it when the file changes')
      .addOption(
        new Option('--optimizer <module>', 'let this module decide on setups, see docs/optimizers.md').conflicts([
          'schedule',
          'config',
        ]),
      )
      .option('-p, --platform <platform>', `where functions run: ${[...PLATFORMS, AUTO].join(', ')}`, 'embedded')
      .option('--python <path>', 'the Python interpreter for Tasks (default: python3)')
      .addOption(
        new Option('--auth <when>', 'auto: ask for a token on every address but loopback; always: on loopback too')
          .choices(['auto', 'always'])
          .default('auto'),
      )
      .option(
        '--token-file <file>',
        "the admin token's file, created if it does not exist (default: token in the state folder)",
      )
      .option(
        '--allow-host <name...>',
        'names that clients may reach the server by, besides IP addresses and localhost',
      )
      .option('--allow-system-commands', 'let build commands change this machine: with sudo, apt and the like')
      .option(
        '--grace <seconds>',
        'how long running events may take to end when the server closes (default: 10)',
        parseSeconds,
      )
      .option('--max-depth <n>', 'how many Tasks a chain of calls may have (default: 32)', parseCount)
      .option(
        '--max-workers <n>',
        "how many worker processes there may be (default: one for each 64 MiB of the machine's memory, 64 to 1,024)",
        parseCount,
      )
      .addOption(
        new Option('--record <which>', 'which traces to keep on disk, with requests and answers')
          .choices(RECORD_MODES)
          .default('all'),
      )
      .option('--record-limit <MiB>', 'how much these may take (default: 64)', parseCount)
      .addOption(
        new Option('--log-level <level>', 'print requests, changes and log records of this level and above')
          .choices(logLevelSchema.options)
          .default('debug'),
      )
      .addOption(new Option('--quiet', 'print the address and errors only').conflicts('logLevel'))
      // Options of the original Fusionizer: another name, and some without a meaning here.
      .addOption(new Option('--config <file>', 'the same as --schedule').conflicts('schedule').hideHelp())
      .addOption(new Option('-r, --registry <registry>').hideHelp())
      .addOption(new Option('-n, --namespace <namespace>').hideHelp())
      .addOption(new Option('-k, --kubeconfig <file>').hideHelp())
  );
}

/** The lowest level of what is printed. */
export const levelOf = ({ quiet, logLevel }: ServerOptions): LogLevel => (quiet ? 'error' : logLevel);

/** What to say of options that are taken without effect. */
export const withoutEffect = (options: ServerOptions): string[] =>
  MEANINGLESS.filter((name) => options[name] !== undefined).map(
    (name) => `--${name} has no meaning on the embedded platform`,
  );

/**
 * @param state the state folder, made if it does not exist
 * @param signal ends the start
 * @param listeners what the server reports to, and the folder that it serves
 * @throws UsageError for an option that names what cannot be used: a platform, a file, a module, an interpreter
 */
export async function startServer(
  options: ServerOptions,
  state: string,
  signal: AbortSignal,
  listeners: Pick<FusionizerServerOptions, 'log' | 'request' | 'change' | 'folder'>,
): Promise<FusionizerServer> {
  if (options.platform !== AUTO && !PLATFORMS.includes(options.platform))
    throw new UsageError(`'${options.platform}' is not a platform of this server. Choose ${PLATFORMS.join(' or ')}.`);
  await makeStateDir(state).catch(options.state === undefined ? rethrow : asUsage);
  const schedule = options.schedule ?? options.config;
  if (schedule !== undefined) await readSchedule(schedule).catch(asUsage);
  const optimizer = options.optimizer === undefined ? undefined : await optimizerOf(options.optimizer);
  const { startFusionizerServer, checkPython } = await loadServer();
  if (options.python !== undefined) await checkPython(options.python).catch(asUsage);
  return startFusionizerServer({
    ...placeOf(options),
    port: options.port,
    state,
    schedule,
    optimizer,
    python: options.python,
    allowSystemCommands: options.allowSystemCommands,
    allowHosts: options.allowHost,
    auth: options.auth,
    tokenFile: options.tokenFile,
    grace: options.grace,
    maxDepth: options.maxDepth,
    maxWorkers: options.maxWorkers,
    record: options.record,
    recordLimit: options.recordLimit === undefined ? undefined : options.recordLimit * 1024 ** 2,
    signal,
    ...listeners,
  }).catch((error: unknown) => withHolder(error, placeOf(options).host ?? '127.0.0.1', options.port));
}

/**
 * A variable that is not set gives an empty value, as in `--python "$PYTHON"`.
 * @throws UsageError
 */
export function checkValues(options: Readonly<ServerOptions>): void {
  // An empty host has an answer of its own.
  for (const [name, value] of Object.entries(options))
    if (name !== 'host' && [value].flat().includes(''))
      throw new UsageError(`${flagOf(name)} is empty. Name a value, or leave it out.`);
}

/** The option of a field: `--token-file` for `tokenFile`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * `--address` is the original Fusionizer's: it says where the server is reached, and does not narrow where it listens.
 * The loopback address is where this one listens anyway.
 */
function placeOf({ host, address }: ServerOptions): Pick<FusionizerServerOptions, 'host' | 'advertised'> {
  if (address === undefined || address === host) return { host };
  if (/^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|::)$/.test(address)) return { host: host ?? address };
  return { host: host ?? '0.0.0.0', advertised: address };
}

/** Loaded on demand: other commands do not need the server, and start faster without it. */
export const loadServer = (): Promise<typeof import('../startServer.ts')> => import('../startServer.ts');

/** @throws UsageError for a module that is not an optimizer */
async function optimizerOf(module: string): Promise<FusionizerServerOptions['optimizer']> {
  const { loadOptimizer } = await loadServer();
  return loadOptimizer(module).catch(asUsage);
}

/** What the server says of an option is a fault of the command line. */
function asUsage(error: unknown): never {
  throw error instanceof FusionizerError ? new UsageError(error.message, { cause: error }) : error;
}

function rethrow(error: unknown): never {
  throw error;
}

/** How commands get the token of a server that asks for one. */
export function tokenHint(tokenFile: string): string {
  return (
    `Requests need the token in ${tokenFile}. For the command line: ` +
    `\`FUSIONIZER_TOKEN="$(cat ${inShell(tokenFile)})"\``
  );
}
