/**
 * For test files that run hostile code as a Task: memory hogs, endless calls, killers of processes, path escapes. Import
 * it before anything else. It runs the whole file again where that code cannot change this machine, and takes over its
 * result:
 *
 * - in a mount namespace in which only a new temporary folder can be written to (Linux), or
 * - as the user `nobody`, where root cannot have a mount namespace.
 *
 * An ordinary user without mount namespaces has no privileges that could be taken away. Then the file runs as it is.
 * Where none of these works, the file fails.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MARK = 'FUSIONIZER_TEST_CONFINED';
const NOBODY = 65534;
const SCRIPT = fileURLToPath(new URL('../../dispatcher/processes/confine.sh', import.meta.url));
const UNSHARE = '/usr/bin/unshare';

const [user, group] = [process.getuid?.(), process.getgid?.()];

/** The words that run a shell command in a namespace where it can write to this folder only. */
function namespace(folder: string): string[] {
  const kind = user === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  // Root's /proc would be read-only, too, and a server writes there which of its processes Linux ends first.
  const place = [process.env['PATH'] ?? '', process.cwd(), `+${folder}`, ...(user === 0 ? ['+/proc'] : [])];
  return [...kind, '/bin/sh', SCRIPT, String(user), String(group), ...place];
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Runs the test file in another process. Ends this one with its result. */
async function runAgain(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fusionizer-confined-'));
  // What tsx has compiled already is read, and not written.
  symlinkSync(path.join(os.tmpdir(), `tsx-${user}`), path.join(folder, `tsx-${user}`));
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, [MARK]: '1', TMPDIR: folder, HOME: folder };
  const refused = process.platform !== 'linux' || spawnSync(UNSHARE, [...namespace(folder), 'true']).status !== 0;
  if (refused && user !== 0) {
    rmSync(folder, { recursive: true });
    return;
  }
  if (refused) chownSync(folder, NOBODY, NOBODY);
  const child = refused
    ? spawn(words[0] ?? '', words.slice(1), { stdio: 'inherit', env, uid: NOBODY, gid: NOBODY })
    : spawn(UNSHARE, [...namespace(folder), `exec ${words.map(quoted).join(' ')}`], { stdio: 'inherit', env });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  // The one folder that was made above, and that alone could be written to.
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
}

if (process.env[MARK] === undefined) await runAgain();
