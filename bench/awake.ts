import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';

/**
 * Keeps all cores from going to sleep while something is measured, by loops of the lowest priority. With one connection
 * everyone waits for somebody else all the time, and on a virtual machine the waking of a sleeping core costs more than
 * the programs do: 4 times in each request.
 * @returns ends the loops
 */
export function keepAwake(): () => Promise<void> {
  const loops = os.cpus().map(() => {
    const loop = spawn(process.execPath, ['-e', "require('node:os').setPriority(19); for (;;);"], { stdio: 'ignore' });
    return { loop, ended: once(loop, 'exit') };
  });
  return async () => {
    for (const { loop } of loops) loop.kill('SIGKILL');
    await Promise.all(loops.map(({ ended }) => ended));
  };
}
