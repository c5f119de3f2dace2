import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../../src/shared/packageRoot.ts';
import { keepEvidence } from './evidence.ts';
import { VSCode, type VSCodeOptions } from './startVSCode.ts';
import { vsix } from './vsix.ts';

export interface ExampleOptions extends Omit<VSCodeOptions, 'extension' | 'workspace'> {
  /** Whether the copy of the examples is opened; by default it is. */
  folder?: boolean;
  /** Folders of the copy to open together instead of the copy itself. Missing ones are created. */
  folders?: readonly string[];
}

const WORKSPACE_FILE = 'several.code-workspace';

const workspaceFile = (folders: readonly string[], settings: Record<string, unknown> = {}): string =>
  JSON.stringify({ folders: folders.map((name) => ({ path: `examples/${name}` })), settings });

/**
 * A VS Code with the extension installed from its VSIX and a copy of examples/ open. Its screenshots are kept in
 * test-results/e2e/<name>/.
 */
export class ExampleWindow {
  readonly vscode: VSCode;
  /** The copy of examples/. */
  readonly workspace: string;
  readonly #shots: string;
  readonly #closers: (() => Promise<void>)[];
  #taken = 0;

  private constructor(vscode: VSCode, workspace: string, shots: string, closers: (() => Promise<void>)[]) {
    this.vscode = vscode;
    this.workspace = workspace;
    this.#shots = shots;
    this.#closers = closers;
  }

  static async open(name: string, options: ExampleOptions = {}): Promise<ExampleWindow> {
    const closers: (() => Promise<void>)[] = [];
    const test = { after: (close: () => Promise<void>) => void closers.unshift(close) };
    try {
      const shots = path.join(packageRoot(), 'test-results', 'e2e', name);
      await rm(shots, { recursive: true, force: true });
      await mkdir(shots, { recursive: true });
      const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-e2e-'));
      test.after(() => rm(dir, { recursive: true, force: true }));
      const workspace = path.join(dir, 'examples');
      await cp(path.join(packageRoot(), 'examples'), workspace, { recursive: true });
      const { folder = true, folders, ...others } = options;
      const opened = folders ? path.join(dir, WORKSPACE_FILE) : workspace;
      for (const name of folders ?? []) await mkdir(path.join(workspace, name), { recursive: true });
      if (folders) await writeFile(opened, workspaceFile(folders));
      const vscode = await VSCode.start(test, {
        ...others,
        extension: { vsix: await vsix(test) },
        ...(folder ? { workspace: opened } : {}),
      });
      const stopKeeping = keepEvidence(vscode, shots);
      closers.unshift(async () => stopKeeping());
      return new ExampleWindow(vscode, workspace, shots, closers);
    } catch (error) {
      for (const close of closers) await close();
      throw error;
    }
  }

  /** Changes the workspace of a window that was opened with `folders`. @param settings those of the workspace */
  async changeWorkspace(folders: readonly string[], settings: Record<string, unknown> = {}): Promise<void> {
    await writeFile(path.join(path.dirname(this.workspace), WORKSPACE_FILE), workspaceFile(folders, settings));
  }

  get page(): Page {
    return this.vscode.page;
  }

  /** Kept as `<n> <what>.png`, in the order in which they were taken. */
  async screenshot(what: string): Promise<void> {
    this.#taken += 1;
    await this.page.screenshot({ path: path.join(this.#shots, `${String(this.#taken).padStart(2, '0')} ${what}.png`) });
  }

  /** Ends everything and removes all but the screenshots. The last screenshot shows why a test failed. */
  async close(): Promise<void> {
    try {
      if (!this.page.isClosed()) await this.screenshot('end');
    } finally {
      for (const close of this.#closers) await close();
    }
  }
}
