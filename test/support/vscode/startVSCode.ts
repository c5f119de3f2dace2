import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { processes } from '../processes.ts';
import { type CodeServer, CodeServerHome, freePort } from './codeServer.ts';
import { logFiles } from './logs.ts';
import { settingsJson } from './settings.ts';
import { waitFor } from './wait.ts';

export interface VSCodeOptions {
  /** A folder or a file `*.code-workspace` to open; undefined opens an empty window. */
  workspace?: string;
  /** Either the folder of an extension under development, or a VSIX to install. */
  extension: { development: string; tests?: string } | { vsix: string };
  /** They override those of settings.ts. */
  settings?: Record<string, unknown>;
  /** Variables of the server and so of the extension host. */
  env?: NodeJS.ProcessEnv;
  /** Whether every folder is trusted (the default); otherwise the test has to trust it by hand. */
  trusted?: boolean;
  viewport?: { width: number; height: number };
  /** Pixels of a screenshot for each pixel of the window; 1 by default. */
  scale?: number;
}

/**
 * A real VS Code, with its window in a real browser and its extension host in Node.js, as when one works on a remote
 * machine.
 */
export class VSCode {
  /** The window, on which the other files of this folder act. */
  readonly page: Page;
  /** The folder of all files but the workspace's. */
  readonly dir: string;
  readonly url: string;
  /** The lines of the window's console. */
  readonly console: string[];
  /** The exit code of the suites that `extension.tests` names. */
  readonly testsEnded: Promise<number>;
  /** Ends the browser, the server and all that they started, and removes the files. */
  readonly close: () => Promise<void>;
  readonly #server: CodeServer;

  private constructor(
    page: Page,
    server: CodeServer,
    parts: { dir: string; url: string; console: string[]; testsEnded: Promise<number>; close(): Promise<void> },
  ) {
    this.page = page;
    this.#server = server;
    ({ dir: this.dir, url: this.url, console: this.console, testsEnded: this.testsEnded, close: this.close } = parts);
  }

  /**
   * Resolves when the window is there and its extension host is running. Ended with the test, unless it is closed
   * before.
   */
  static async start(test: { after(fn: () => Promise<void>): void }, options: VSCodeOptions): Promise<VSCode> {
    const undo: (() => Promise<unknown>)[] = [];
    let closing: Promise<void> | undefined;
    const close = () =>
      (closing ??= (async () => {
        const results = [];
        for (const step of undo.reverse()) results.push(...(await Promise.allSettled([step()])));
        const failed = results.find((result) => result.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
      })());
    test.after(close);
    try {
      const dir = await mkdtemp(path.join(os.tmpdir(), 'vsc-'));
      undo.push(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
      const trusted = options.trusted ?? true;
      const home = await CodeServerHome.create(dir, settingsJson(trusted, options.settings ?? {}));
      if ('vsix' in options.extension) await home.installExtension(options.extension.vsix);
      const server = await home.start(
        await freePort(),
        trusted ? ['--disable-workspace-trust'] : [],
        options.env ?? {},
      );
      undo.push(() => server.stop());
      const browser = await launchChromium([], home.environment());
      undo.push(() => browser.close());
      return await VSCode.#open({ dir, server, browser, close }, options);
    } catch (error) {
      await close();
      throw error;
    }
  }

  static async #open(
    parts: { dir: string; server: CodeServer; browser: Browser; close(): Promise<void> },
    options: VSCodeOptions,
  ): Promise<VSCode> {
    const context = await parts.browser.newContext({
      viewport: options.viewport ?? { width: 1400, height: 900 },
      deviceScaleFactor: options.scale ?? 1,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const said: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(`error: ${error.message}`));
    // The window calls it with the exit code when the suites have ended.
    const testsEnded = new Promise<number>((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    const url = address(parts.server.port, options);
    const vscode = new VSCode(page, parts.server, { ...parts, url, console: said, testsEnded });
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await vscode.#ready(0, 'tests' in options.extension);
    return vscode;
  }

  /** Reloads the window: a new extension host starts, and the old one ends. */
  async reload(): Promise<void> {
    const before = await this.#extensionHosts();
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.#ready(before, false);
  }

  /**
   * Closes the window as a user does; resolves when its extension host has ended, and what that started. The server
   * goes on.
   */
  async closeWindow(): Promise<void> {
    const closed = this.page.waitForEvent('close');
    await this.page.close({ runBeforeUnload: true });
    await closed;
    await waitFor('the extension host to end with its window', async () => (await this.extensionHosts()).length === 0);
  }

  /** The processes of extension hosts. Linux only. */
  async extensionHosts(): Promise<number[]> {
    const mine = (await processes()).filter(({ command }) => command.includes('--type=extensionHost'));
    const all = await processes();
    const below = (pid: number): boolean =>
      pid === this.#server.pid || (pid > 1 && below(all.find((one) => one.pid === pid)?.parent ?? 0));
    return mine.filter(({ pid }) => below(pid)).map(({ pid }) => pid);
  }

  get serverLog(): string {
    return this.#server.log;
  }

  async #ready(hostsBefore: number, testing: boolean): Promise<void> {
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: 60_000 });
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    // While suites run, the extension host may end at any time.
    if (!testing) await waitFor('the extension host', async () => (await this.#extensionHosts()) > hostsBefore);
  }

  /** Each extension host has a log. */
  async #extensionHosts(): Promise<number> {
    return (await logFiles(this.dir)).filter((file) => path.basename(file) === 'remoteexthost.log').length;
  }
}

function address(port: number, { workspace, extension }: VSCodeOptions): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  if (workspace === undefined) url.searchParams.set('ew', 'true');
  else url.searchParams.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  if ('development' in extension) {
    const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${file}`;
    const payload = [['extensionDevelopmentPath', remote(extension.development)]];
    if (extension.tests !== undefined) payload.push(['extensionTestsPath', remote(extension.tests)]);
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}
