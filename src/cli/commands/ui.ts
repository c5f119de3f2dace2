import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

const PAGE = '/-/ui';
/** What opens an address in the person's browser, by platform. */
const OPENERS: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

/** `fusionizer ui`: opens the server's pages in a browser. */
export function registerUi(program: Command, cli: Cli): void {
  program
    .command('ui')
    .summary("Open the server's pages in a browser.")
    .description("Open the server's pages in a browser: what was invoked, traces, the fusion map and the schedule.")
    .option('--no-open', 'print the address only')
    .action(async ({ open }: { open: boolean }) => {
      const client = await cli.connect('read');
      // Says why, where no server answers, before a browser shows an empty page.
      await client.health();
      const address = cli.server + PAGE;
      if (cli.json) cli.printJson({ address });
      else cli.out.line(address);
      if (!open || cli.json) return;
      const secret = client.pageAddress(PAGE);
      if (await opens(secret)) return;
      const hint = secret === address ? '' : ' Add ?token=TOKEN to it the first time.';
      cli.err.line(`No browser could be opened here: open this address in one.${hint}`);
    });
}

/** @returns whether a browser was told to open the address */
async function opens(address: string): Promise<boolean> {
  const child = spawn(OPENERS[process.platform] ?? 'xdg-open', [address], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    return false;
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  // Windows' explorer ends with 1 also when it has opened the address.
  return code === 0 || process.platform === 'win32';
}
