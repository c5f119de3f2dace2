import { spawn } from 'node:child_process';
import path from 'node:path';
import type { TextMask } from '../../../secrets/mask.ts';
import { FusionizerError } from '../../../shared/errors.ts';
import { packageRoot } from '../../../shared/packageRoot.ts';
import { LineReader } from '../processes/lineReader.ts';
import { NODE_ENVIRONMENT } from '../processes/nodeEnvironment.ts';
import { exitOf } from '../processes/processEnd.ts';
import { killGroup } from '../processes/processGroup.ts';

export interface BuildProgress {
  signal: AbortSignal;
  /**
   * Takes secrets out of what is said: build commands may name package indexes with passwords, and print what they find
   * in the environment.
   */
  mask: TextMask;
  output(line: string): void;
}

/** Of what a command said, in lines: enough to find the error in. */
const KEPT = 50;

/**
 * Runs one build command in a shell of its own, as a Dockerfile's RUN does: what it leaves running ends with it. It
 * ends with the server, whatever that dies of.
 * @param pipeGrace see EmbeddedTimes
 * @throws FusionizerError `task` with the command's own words; the signal's reason when that ended it
 */
export async function runBuildCommand(
  command: string,
  cwd: string,
  variables: NodeJS.ProcessEnv,
  pipeGrace: number,
  progress: BuildProgress,
): Promise<void> {
  const { mask } = progress;
  progress.output(mask(`$ ${command}`));
  progress.signal.throwIfAborted();
  const child = spawn(
    process.execPath,
    [path.join(packageRoot(), 'dispatcher', 'processes', 'supervise.cjs'), command],
    {
      cwd,
      // Undefined takes a token that the server's user has in the environment out of it: packages' own scripts run
      // here.
      env: {
        ...process.env,
        ...NODE_ENVIRONMENT,
        ...variables,
        FUSIONIZER_TOKEN: undefined,
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_NO_INPUT: '1',
        PYTHONUNBUFFERED: '1',
      },
      // 3: the supervisor's lifeline.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Its own group, so that a cancel ends all that the command started.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineReader(mask, (line) => {
      progress.output(line);
      said.push(line);
      if (said.length > KEPT) said.shift();
    });
    stream?.on('data', (chunk: Buffer) => lines.push(chunk)).on('end', () => lines.end());
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
  const hint = /No such file or directory|ENOENT|Could not open requirements/.test(said.join('\n'))
    ? NO_FILES_HINT
    : '';
  throw new FusionizerError('task', `The build command '${mask(command)}' failed (${how}): ${lastWords(said)}${hint}`, {
    file: 'function.yaml',
    keys: ['spec', 'build', 'commands', command],
  });
}

/** A Dockerfile has the same: build commands come before the Task's files are copied in. */
const NO_FILES_HINT =
  "\nBuild commands run in an empty folder, without the Task's files: name the packages in the command (pip install PACKAGE==VERSION, npm install PACKAGE@VERSION)";

/** The lines that name the error, else the last ones: what a person needs first. */
function lastWords(lines: readonly string[]): string {
  const errors = lines.filter((line) => /\berror\b/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n');
}
