import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './folder.ts';
import type { TestServer } from './server.ts';
import { until } from './until.ts';

/** A build command that waits until it is let go. */
export class HeldCommand {
  /** For a shell. It has one line in `begun` for each time that it was run. */
  readonly text: string;
  readonly #begun: string;
  readonly #go: string;

  private constructor(dir: string) {
    this.#begun = path.join(dir, 'begun');
    this.#go = path.join(dir, 'go');
    this.text = `echo begun >> ${this.#begun}; while [ ! -e ${this.#go} ]; do sleep 0.02; done`;
  }

  static async create(test: { after(fn: () => Promise<void>): void }): Promise<HeldCommand> {
    return new HeldCommand(await temporaryFolder(test));
  }

  /** Resolves when it runs. */
  async begun(): Promise<void> {
    await until('the build command to run', () => readFile(this.#begun).catch(() => undefined));
  }

  /** How often it was run. */
  async runs(): Promise<number> {
    return (await readFile(this.#begun, 'utf8')).split('\n').length - 1;
  }

  /** It ends now, and at once when it is run again. */
  letGo(): Promise<void> {
    return writeFile(this.#go, '');
  }
}

/** Resolves when the deploy of this operation waits for the environment that another deploy makes. */
export async function waitsForAnother(server: TestServer, operation: string): Promise<void> {
  await until('the deploy to wait for another one', async () =>
    (await server.request(`/-/operations/${operation}`)).text.includes('waiting for another deploy'),
  );
}
