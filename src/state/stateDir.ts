import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';

export interface Surroundings {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
}

/**
 * The state folder of a workspace: in the user's own place for state, never in the workspace, so that a cloned
 * repository brings no state to run.
 * @param workspace a folder that is there; links to it share its state
 */
export function defaultStateDir(
  workspace: string,
  surroundings: Surroundings = { platform: process.platform, env: process.env, home: homedir() },
): string {
  const hash = createHash('sha256').update(realpathSync(workspace)).digest('hex').slice(0, 16);
  const join = surroundings.platform === 'win32' ? path.win32.join : path.posix.join;
  return join(stateHome(surroundings), 'fusionizer', hash);
}

function stateHome({ platform, env, home }: Surroundings): string {
  // The XDG Base Directory Specification: a relative path is to be ignored.
  const xdg = env['XDG_STATE_HOME'];
  if (xdg !== undefined && path.posix.isAbsolute(xdg)) return xdg;
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local');
  return path.posix.join(home, '.local', 'state');
}

/**
 * Makes a state folder that only the user can read; one that is there keeps its mode.
 * @throws FusionizerError `internal` where it cannot be made, `option` for a folder of another user, or that
 *   everybody may write to: what lies in it would be run
 */
export async function makeStateDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new FusionizerError(
      'internal',
      `The state folder ${dir} cannot be made: ${cause.message}; name another one with --state`,
      { cause },
    );
  });
  const { uid, mode } = await stat(dir);
  const user = process.getuid?.();
  if (user !== undefined && uid !== user)
    throw new FusionizerError(
      'option',
      `The state folder ${dir} belongs to another user: name one of your own with --state`,
    );
  if (user !== undefined && (mode & 0o002) !== 0)
    throw new FusionizerError(
      'option',
      `Everybody may write to the state folder ${dir}: take that away with chmod o-w, or name another one with --state`,
    );
}
