import type { Command } from 'commander';
import { FusionizerClient } from '../client/fusionizerClient.ts';
import { tokenFault } from '../shared/token.ts';
import { withoutSlash } from '../shared/withoutSlash.ts';
import { type LocalServer, serverOfFolder } from '../state/localServer.ts';
import { UsageError } from './errors.ts';
import { checkFallback, type Purpose } from './fallback.ts';
import { type Terminal, terminalOf } from './terminal.ts';

export const DEFAULT_SERVER = 'http://127.0.0.1:8000';
const SERVER_VARIABLE = 'FUSIONIZER_URL';

/** A server's address as it is written, and the option or variable that holds it. */
interface NamedServer {
  readonly text: string;
  readonly by: '--server' | typeof SERVER_VARIABLE;
}

/** Everything that a command works with. */
export interface Cli {
  readonly out: Terminal;
  readonly err: Terminal;
  /** Whether `--json` was given. */
  readonly json: boolean;
  /**
   * The address of the server that `--server` or FUSIONIZER_URL names, else of the one that serves the working
   * directory; without a slash at its end.
   */
  readonly server: string;
  /** Whether `--server` or FUSIONIZER_URL names it. */
  readonly isServerNamed: boolean;
  /** A client of that server, or of a given one on this machine. FUSIONIZER_TOKEN comes before a server's own token. */
  client(local?: Pick<LocalServer, 'address' | 'token'>): FusionizerClient;
  /**
   * A client of that server. Where nothing names a server and none serves the working directory, it says which one is
   * used.
   * @param purpose a server that serves another folder is changed only if it is named
   * @throws UsageError
   */
  connect(purpose: Purpose): Promise<FusionizerClient>;
  /** @param why what the command does in place of using the server that `--server` names */
  withoutServer(command: Command, why: string): void;
  /**
   * Finds the server of the working directory. Called before a command runs.
   * @throws UsageError for `--server` with a command that uses none
   */
  findServer(command: Command): Promise<void>;
  /** One JSON document on stdout. */
  printJson(value: unknown): void;
  /** JSON in one line on stdout, for commands that print several documents. */
  printJsonLine(value: unknown): void;
}

/** Whether `--json` is among the options. Read before they are parsed, since parsing errors are JSON then, too. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--json');
}

/** @param program its global options are read on demand, after parsing */
export function createCli(program: Command, json: boolean): Cli {
  const out = terminalOf(process.stdout);
  let found: LocalServer | undefined;
  const withoutServer = new Map<Command, string>();
  /** The option comes before the variable. */
  const named = (): NamedServer | undefined => {
    const { server } = program.opts<{ server?: string }>();
    if (server !== undefined) return { text: server, by: '--server' };
    const text = process.env[SERVER_VARIABLE];
    return text ? { text, by: SERVER_VARIABLE } : undefined;
  };
  return {
    out,
    err: terminalOf(process.stderr, true),
    json,
    get server() {
      const server = named();
      return withoutSlash(server ? parseServer(server).href : (found?.address ?? DEFAULT_SERVER));
    },
    get isServerNamed() {
      return named() !== undefined;
    },
    client(local) {
      if (local) return new FusionizerClient(local.address, { token: readToken() ?? local.token });
      const own = found && this.server === withoutSlash(found.address) ? found.token : undefined;
      return new FusionizerClient(this.server, { token: readToken() ?? own });
    },
    async connect(purpose) {
      const client = this.client();
      if (this.isServerNamed || found !== undefined) return client;
      const remark = await checkFallback(client, this.server, purpose, process.cwd());
      if (!json && remark !== undefined) this.err.line(this.err.colors.dim(remark));
      return client;
    },
    withoutServer: (command, why) => void withoutServer.set(command, why),
    async findServer(command) {
      const why = withoutServer.get(command);
      if (why !== undefined && program.opts<{ server?: string }>().server !== undefined)
        throw new UsageError(`--server has no meaning with \`${pathOf(command)}\`. ${why}`);
      found = await serverOfFolder(process.cwd());
    },
    printJson: (value) => out.line(JSON.stringify(value, null, 2)),
    printJsonLine: (value) => out.line(JSON.stringify(value)),
  };
}

/** A command's name with those of the commands around it, without the program's: `schedule validate`. */
const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** A token read from a file may end in a line break. */
function readToken(): string | undefined {
  const token = process.env['FUSIONIZER_TOKEN']?.trim() || undefined;
  const fault = token && tokenFault(token);
  if (fault)
    throw new UsageError(
      `FUSIONIZER_TOKEN ${fault}. Set it to the server's token, e.g. FUSIONIZER_TOKEN="$(cat FILE)".`,
    );
  return token;
}

/** @throws UsageError that names the option or variable */
function parseServer({ text, by }: NamedServer): URL {
  const isOption = by === '--server';
  const what = `${isOption ? '' : `${by}: `}${JSON.stringify(text)} is not a server address`;
  const write = (address: string): string => (isOption ? `Write --server ${address}` : `Set ${by}=${address}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`${what}. ${write(DEFAULT_SERVER)}, for example.`);
  if (url.href !== `${url.origin}/`)
    throw new UsageError(`${what}: it has more than host and port. ${write(url.origin)}.`);
  return url;
}
