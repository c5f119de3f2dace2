import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fuse } from '../../src/engine/fuse/fuser.ts';
import type {
  DeployProgress,
  FunctionPackage,
  Platform,
  PlatformFunction,
  PlatformSink,
} from '../../src/platform/platform.ts';
import type { LogRecord } from '../../src/shared/api.ts';
import { readTaskDefinition, type Task } from '../../src/task/task.ts';
import type { Files } from '../support/server.ts';

/** A platform to be tested. */
export interface PlatformUnderTest {
  platform: Platform;
  /** The platform as the next run of the same server makes it. */
  next(): Platform;
  /** What runs there for packages in this folder, as far as this system shows it. */
  running(builds: string): Promise<string[]>;
}

/** @param dir a folder for the platform's own files */
export type MakePlatform = (sink: PlatformSink, dir: string) => Promise<PlatformUnderTest>;

/** One platform in one test, with short ways to use it. */
export class Harness {
  readonly records: { record: LogRecord; group: readonly string[] }[] = [];
  readonly changed: PlatformFunction[] = [];
  readonly dir: string;
  readonly #sink: PlatformSink = {
    log: (record, group) => this.records.push({ record, group }),
    calls: () => {},
    stateChanged: (fn) => this.changed.push(fn),
  };
  readonly #made: Promise<PlatformUnderTest>;
  #platform: Platform | undefined;
  #build = 0;
  #tasks = 0;

  private constructor(dir: string, make: MakePlatform, own: string) {
    this.dir = dir;
    this.#made = make(this.#sink, own);
  }

  /** Ends with the test, and so does its folder. */
  static async start(t: TestContext, make: MakePlatform): Promise<Harness> {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-platform-'));
    const own = path.join(dir, 'own');
    await mkdir(own);
    const harness = new Harness(dir, make, own);
    const { platform } = await harness.#made;
    harness.#platform = platform;
    t.after(async () => {
      await platform.close({ keep: false });
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    });
    return harness;
  }

  get platform(): Platform {
    assert.ok(this.#platform);
    return this.#platform;
  }

  /** The platform of the next run of the server. */
  async next(): Promise<Platform> {
    return (await this.#made).next();
  }

  async running(): Promise<string[]> {
    return (await this.#made).running(path.join(this.dir, 'builds'));
  }

  /** A package of these Tasks. */
  async pack(tasks: Record<string, Files>): Promise<FunctionPackage> {
    const group = await Promise.all(Object.entries(tasks).map(([name, files]) => this.#task(name, files)));
    this.#build += 1;
    const name = `${Object.keys(tasks).join('-')}-${this.#build}`;
    const dir = path.join(this.dir, 'builds', name);
    const withDispatcher = !this.platform.bringsDispatcher;
    const { functionPackage } = await fuse(group, { dir, build: this.#build, withDispatcher });
    return functionPackage;
  }

  async #task(name: string, files: Files): Promise<Task> {
    this.#tasks += 1;
    const dir = path.join(this.dir, 'tasks', String(this.#tasks));
    await mkdir(dir, { recursive: true });
    for (const [file, content] of Object.entries(files)) await writeFile(path.join(dir, file), content);
    const own = { name, dir, version: 1, hash: `${this.#tasks}`, source: null, deployedAt: new Date().toISOString() };
    return { ...(await readTaskDefinition(dir, name)), ...own };
  }

  async deploy(tasks: Record<string, Files>, progress: Partial<DeployProgress> = {}): Promise<PlatformFunction> {
    const none = { signal: new AbortController().signal, stage: () => {}, output: () => {}, warn: () => {} };
    return this.platform.deploy(await this.pack(tasks), { ...none, ...progress });
  }
}
