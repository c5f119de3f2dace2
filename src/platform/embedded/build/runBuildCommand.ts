import { spawn } from 'node:child_process';
import path from 'node:path';
import { FusionizerError } from '../../../shared/errors.ts';
import { packageRoot } from '../../../shared/packageRoot.ts';
import { LineReader } from '../processes/lineReader.ts';
import { NODE_ENVIRONMENT } from '../processes/nodeEnvironment.ts';
import { exitOf } from '../processes/processEnd.ts';
import { killGroup } from '../processes/processGroup.ts';
import { readInPieces } from '../processes/readInPieces.ts';
import type { BuildProgress } from './sharedWork.ts';

export interface BuildCommand {
  /** As in function.yaml. */
  readonly command: string;
  /** What runs: `command` with the paths of this machine. */
  readonly text: string;
  readonly cwd: string;
  readonly variables: NodeJS.ProcessEnv;
  /** A program with arguments that runs the command, its last argument, in place of a shell. */
  readonly wrapper: readonly string[];
}

/** The number of lines of output that are kept: enough to find the error in. */
const KEPT = 50;

/**
 * Runs one build command in a shell of its own, as a Dockerfile's RUN does. Processes that it leaves running end with
 * it. It ends with the server, even when the server is killed.
 * @param pipeGrace see EmbeddedTimes
 * @throws FusionizerError `task` with the command's output; the signal's reason when the signal ended it
 */
export async function runBuildCommand(
  { command, text, cwd, variables, wrapper }: BuildCommand,
  pipeGrace: number,
  progress: BuildProgress,
): Promise<void> {
  const { mask } = progress;
  progress.output(mask(`$ ${command}`));
  progress.signal.throwIfAborted();
  const supervisor = path.join(packageRoot(), 'dispatcher', 'processes', 'supervise.cjs');
  const child = spawn(process.execPath, [supervisor, text, ...wrapper], {
    cwd,
    // Undefined removes a token that the server's user has in the environment: scripts of packages run here.
    env: {
      ...process.env,
      ...NODE_ENVIRONMENT,
      ...variables,
      FUSIONIZER_TOKEN: undefined,
    },
    // 3: the supervisor's lifeline.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that a cancel ends all that the command started.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineReader(mask, (line) => {
      progress.output(line);
      said.push(line);
      if (said.length > KEPT) said.shift();
    });
    // There is none if the process could not be started.
    if (stream) readInPieces(stream, (piece) => lines.push(piece)).on('end', () => lines.end());
  }
  const kill = (): void => killGroup(child.pid);
  progress.signal.addEventListener('abort', kill, { once: true });
  const { code, signal, error } = await exitOf(child, pipeGrace);
  progress.signal.removeEventListener('abort', kill);
  for (const stream of child.stdio) stream?.destroy();
  progress.signal.throwIfAborted();
  if (code === 0) return;
  const how = error
    ? `it could not be started: ${error.message}`
    : code === null
      ? `ended by ${signal}`
      : `exit status ${code}`;
  const all = said.join('\n');
  const hint = HINTS.find(([pattern]) => pattern.test(all))?.[1] ?? '';
  const words = lastWords(said);
  // Several lines stand below each other.
  const reason = words === '' ? ' it printed nothing' : words.includes('\n') ? `\n${words}` : ` ${words}`;
  throw new FusionizerError('task', `The build command '${mask(command)}' failed (${how}):${reason}${hint}`, {
    file: 'function.yaml',
    keys: ['spec', 'build', 'commands', command],
  });
}

/** What to do about errors that say something else in an image than here. */
const HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /read-only file system|EROFS/i,
    "\nBuild commands write into the Task's environment only: the folder that they run in, HOME and /tmp. For them, " +
      'the rest of this machine is read-only. Install with pip or npm, or write to these folders. A real Nuclio runs ' +
      'the commands in an image; serve --allow-system-commands lets them change this machine',
  ],
  [
    /No such file or directory|ENOENT|Could not open requirements/,
    "\nBuild commands find the files of the Task's folder that they name, and behind '@nuclio.postCopy' all of them. " +
      'Check that the file is there and is not ignored, or name the packages in the command',
  ],
  [
    /: (?:command )?not found$/m,
    '\nBuild commands run the programs of this machine. Install that one here, or use pip or npm. A real Nuclio runs ' +
      'the commands in an image, which has programs of its own',
  ],
  [
    /Could not find an activated virtualenv/,
    '\nThat pip belongs to another Python of this machine. Write `pip`, which installs for the Task. A Node.js Task ' +
      'installs packages with npm',
  ],
];

/** The lines that name an error, else the last lines: what a person needs first. */
function lastWords(lines: readonly string[]): string {
  const errors = lines.filter((line) => /\berror\b/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n');
}
