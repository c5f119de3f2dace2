import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import pc from 'picocolors';
import { FusionizerClient } from '../client/fusionizerClient.ts';
import { messageOf } from '../shared/errors.ts';
import { withoutSlash } from '../shared/withoutSlash.ts';
import { runDemo } from './demo.ts';
import { hints } from './hints.ts';
import { serveInThread, startServerThread } from './server.ts';

/** The exit code of a command that Ctrl+C ended, as in shells. */
const INTERRUPTED = 130;

/** `npm start`: the examples on a server of their own, measured apart and fused. `--exit` ends it after the table. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const server = await startServerThread(__filename);
  const { address, usualPort, state } = server;
  console.log(`Fusionizer for Nuclio serves at ${pc.cyan(withoutSlash(address.href))}`);
  if (!usualPort) console.log('(Port 8000 is in use by another program, so this is a free one.)');
  console.log(`Tasks and state are temporary: ${state} is removed at the end.`);
  try {
    const result = await Promise.race([runDemo(new FusionizerClient(address)), stopped.then(() => undefined)]);
    if (result === undefined) {
      console.log('\nCtrl+C: the demo ends before its table.');
      process.exitCode = INTERRUPTED;
      return;
    }
    process.exitCode = result.good ? 0 : 1;
    if (values.exit) return;
    console.log(
      `Still serving at ${pc.cyan(withoutSlash(address.href))} until Ctrl+C, which also removes the Tasks.\n` +
        `See the traces in a browser: ${pc.cyan(new URL('/-/ui', address).href)}\n` +
        'Try in another terminal, in this folder:\n',
    );
    for (const hint of hints(address, usualPort, result.applications))
      console.log(`  ${hint.startsWith('#') ? pc.dim(hint) : hint}`);
    await stopped;
    console.log('');
  } finally {
    await server.close();
    console.log('The demo has ended: its server is stopped, its Tasks and their state are removed.');
  }
}

if (isMainThread) {
  main().catch((error: unknown) => {
    console.error(pc.red(messageOf(error)));
    process.exitCode = 1;
  });
} else void serveInThread();
