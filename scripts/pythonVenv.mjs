import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a virtual environment with the packages of a requirements file, unless it is there and complete.
 * @param stale the folder to remove first: the environment, or one with those of earlier versions
 * @param failure begins the error
 * @returns the folder of the environment's programs
 * @throws Error if Python, or one of the packages, is not available
 */
export function installInVenv({ dir, requirements, stale = dir, failure }) {
  const run = (command, args) => {
    const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${failure}: ${error ? error.message : `${stdout}${stderr}`.trim()}`);
  };
  const bin = path.join(dir, process.platform === 'win32' ? 'Scripts' : 'bin');
  const done = path.join(dir, 'installed');
  if (existsSync(done)) return bin;
  rmSync(stale, { recursive: true, force: true });
  run(process.env.FUSIONIZER_PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'), ['-m', 'venv', dir]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements];
  run(path.join(bin, 'python'), install);
  writeFileSync(done, '');
  return bin;
}
