import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';

/**
 * Keeps all cores awake during a measurement, with loops of the lowest priority. With one connection, the processes
 * wait for each other all the time. On a virtual machine, waking a sleeping core costs more than the work of the
 * programs, and it happens 4 times in each request.
 * @returns a function that ends the loops
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
