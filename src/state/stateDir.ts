import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { ifMissing } from '../shared/ifMissing.ts';

export interface Surroundings {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
}

/**
 * The state folder of a workspace. It lies in the user's own place for state, never in the workspace: the state in a
 * cloned repository must not be run.
 * @param workspace a folder that exists; links to it share its state
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
  // The XDG Base Directory Specification says that a relative path must be ignored.
  const xdg = env['XDG_STATE_HOME'];
  if (xdg !== undefined && path.posix.isAbsolute(xdg)) return xdg;
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local');
  return path.posix.join(home, '.local', 'state');
}

/**
 * Creates a state folder that only the user can read. A folder that exists keeps its mode.
 * @throws FusionizerError `internal` if it cannot be created; `option` if it belongs to another user or everybody can
 *   write to it, because the server runs the code in it
 */
export async function makeStateDir(dir: string): Promise<void> {
  await makeFolders(dir).catch((cause: NodeJS.ErrnoException) => {
    throw new FusionizerError(
      'internal',
      `The state folder ${dir} cannot be created: ${cause.message}; choose another one with --state`,
      { cause },
    );
  });
  const { uid, mode } = await stat(dir);
  const user = process.getuid?.();
  if (user !== undefined && uid !== user)
    throw new FusionizerError(
      'option',
      `The state folder ${dir} belongs to another user: choose one of your own with --state`,
    );
  if (user !== undefined && (mode & 0o002) !== 0)
    throw new FusionizerError(
      'option',
      `Everybody can write to the state folder ${dir}: run chmod o-w on it, or choose another one with --state`,
    );
}

/**
 * As Node.js's `mkdir` with `recursive`, which never ends where a file system refuses new folders with ENOENT, as /proc
 * does.
 */
async function makeFolders(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(dir)).isDirectory()) return;
    if (code !== 'ENOENT' || (await isThere(path.dirname(dir)))) throw error;
    await makeFolders(path.dirname(dir));
    await makeFolders(dir);
  }
}

const isThere = (file: string): Promise<boolean> => stat(file).then(() => true, ifMissing(false));
