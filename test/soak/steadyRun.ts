import { setTimeout as delay } from 'node:timers/promises';
import { FusionizerClient } from '../../src/client/fusionizerClient.ts';
import type { SetupView } from '../../src/shared/api.ts';
import type { Setup } from '../../src/shared/setupApi.ts';
import { CliHarness, type CliProcess } from '../support/cli.ts';
import { Load, type LoadReport } from '../support/load.ts';
import { processes } from '../support/processes.ts';
import { type Answer, type Files, multipart, request, zip } from '../support/server.ts';
import { calling, functionYaml, type Runtime, saying } from '../support/tasks.ts';
import { Random } from './random.ts';
import { Samples } from './samples.ts';

/** Tasks that are fused, split and redeployed. In each runtime, some of them call another one. */
const MOVING: Record<Runtime, readonly string[]> = { python: ['pa', 'pb', 'pc'], nodejs: ['na', 'nb', 'nc'] };
/** Tasks that only get events: their workers live as long as the run. */
const STEADY: Record<Runtime, string> = { python: 'steady-python', nodejs: 'steady-nodejs' };
const CLIENTS = 8;
/** The time between two counts of open files, in milliseconds. */
const CHECKPOINT = 4000;
const LARGE = 'x'.repeat(100_000);

export interface SteadyReport {
  seconds: number;
  load: LoadReport;
  /** How often each kind of change was made. */
  changes: Record<string, number>;
  /** Changes that got a wrong answer. */
  wrong: string[];
  events: number;
  samples: Record<'server' | Runtime, Samples>;
}

/**
 * Puts mixed load on a real server while its Tasks are fused, split, redeployed, broken and deleted. Measures the
 * memory and open files of server and workers.
 */
export class SteadyRun {
  readonly #harness: CliHarness;
  readonly #server: CliProcess;
  readonly #url: URL;
  readonly #random: Random;
  readonly #wrong: string[] = [];
  readonly #changes: Record<string, number> = {};
  #events = 0;
  #round = 0;

  private constructor(harness: CliHarness, server: CliProcess, seed: number) {
    this.#harness = harness;
    this.#server = server;
    this.#url = new URL(harness.server);
    this.#random = new Random(seed);
  }

  static async start(seed: number): Promise<SteadyRun> {
    const harness = await CliHarness.create();
    const run = new SteadyRun(harness, await harness.serve(), seed);
    for (const runtime of ['python', 'nodejs'] as const) {
      const [first = '', second = '', third = ''] = MOVING[runtime];
      await run.#expect(200, first, await run.#put(first, calling(first, second, runtime)));
      await run.#expect(200, second, await run.#put(second, saying(second, runtime)));
      await run.#expect(200, third, await run.#put(third, calling(third, first, runtime)));
      await run.#expect(200, STEADY[runtime], await run.#put(STEADY[runtime], echo(runtime)));
    }
    return run;
  }

  close(): Promise<void> {
    return this.#harness.close();
  }

  async run(seconds: number, progress: (text: string) => void = () => undefined): Promise<SteadyReport> {
    const end = performance.now() + seconds * 1000;
    const stop = new AbortController();
    const load = new Load(CLIENTS, (round, agent) => this.#request(round, agent));
    const following = this.#follow(stop.signal);
    const samples = {
      server: new Samples(this.#server.child.pid ?? 0),
      python: new Samples(await this.#workerOf('python')),
      nodejs: new Samples(await this.#workerOf('nodejs')),
    };
    const watching = this.#every(1000, stop.signal, async () => {
      for (const who of Object.values(samples)) await who.takeMemory();
      for (const path of ['/-/metrics', '/-/tasks', '/-/traces', '/-/schedule', '/-/health'])
        await request(this.#url, path);
    });
    let checked = performance.now();
    while (performance.now() < end) {
      await this.#change();
      if (performance.now() - checked > CHECKPOINT) {
        const fused = JSON.stringify(Object.values(MOVING));
        await this.#made('setups', 200, fused, request(this.#url, '/-/setup', { method: 'PUT', body: fused }));
        await Promise.all(Object.values(samples).map((who) => who.takeFiles()));
        checked = performance.now();
      }
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      progress(`${left} s left, ${load.requests} requests, ${sum(this.#changes)} changes`);
    }
    stop.abort();
    const [report] = await Promise.all([load.stop(), watching, following]);
    return { seconds, load: report, changes: this.#changes, wrong: this.#wrong, events: this.#events, samples };
  }

  /** @returns what is wrong with the answer to one request of the load; undefined if nothing is */
  async #request(
    round: number,
    agent: Parameters<ConstructorParameters<typeof Load>[1]>[1],
  ): Promise<string | undefined> {
    const [path, body, status, text] = this.#nextRequest(round);
    const answer = await request(this.#url, path, {
      method: 'POST',
      headers: { 'Content-Type': body === '{}' ? 'application/json' : 'text/plain' },
      body,
      agent,
    });
    if (answer.status === status && (text === undefined || answer.text === text)) return undefined;
    return `${path}: ${answer.status} ${answer.text.slice(0, 300)}`;
  }

  #nextRequest(round: number): [path: string, body: string, status: number, text?: string] {
    const runtime: Runtime = round % 2 === 0 ? 'python' : 'nodejs';
    const [first = '', second = '', third = ''] = MOVING[runtime];
    const kind = Math.floor(round / 2) % 20;
    if (kind === 0) return ['/nobody', '{}', 422];
    if (kind === 1) return [`/${STEADY[runtime]}`, 'fail', 500];
    if (kind === 2) return [`/${STEADY[runtime]}`, LARGE, 200, LARGE];
    if (kind < 8) return [`/${STEADY[runtime]}`, `hello ${round}`, 200, `hello ${round}`];
    if (kind < 14) return [`/${first}`, '{}', 200, `${first}(${second})`];
    return [`/${third}`, '{}', 200, `${third}(${first}(${second}))`];
  }

  async #change(): Promise<void> {
    this.#round += 1;
    const runtime: Runtime = this.#random.next() < 0.5 ? 'python' : 'nodejs';
    const [first = '', second = ''] = MOVING[runtime];
    const choice = this.#random.next();
    if (choice < 0.45) {
      const setup: Setup = [...this.#random.setup(MOVING.python), ...this.#random.setup(MOVING.nodejs)];
      await this.#made(
        'setups',
        200,
        JSON.stringify(setup),
        request(this.#url, '/-/setup', { method: 'PUT', body: JSON.stringify(setup) }),
      );
    } else if (choice < 0.6) {
      await this.#made(
        'redeploys',
        200,
        second,
        this.#put(second, saying(second, runtime), { 'Fusionizer-Force': 'true' }),
      );
    } else if (choice < 0.75) {
      const broken = {
        ...saying(second, runtime),
        'main.py': 'import nowhere\n',
        'main.js': "require('./nowhere');\n",
      };
      await this.#made('broken deploys', 422, second, this.#put(second, broken));
    } else if (choice < 0.9) {
      const name = `passing-${runtime}`;
      await this.#made('deploys', 200, name, this.#put(name, saying(name, runtime)));
      await this.#made('deletes', 200, name, request(this.#url, `/${name}`, { method: 'DELETE' }));
    } else {
      // The newer of two redeploys wins. If the older one was not done by then, its answer is 409.
      const both = await Promise.all(
        [1, 2].map(() => this.#put(first, calling(first, second, runtime), { 'Fusionizer-Force': 'true' })),
      );
      this.#changes['competing redeploys'] = (this.#changes['competing redeploys'] ?? 0) + 1;
      if (both.some(({ status }) => status !== 200 && status !== 409))
        this.#wrong.push(`${first}: ${both.map(({ text }) => text).join(' / ')}`);
    }
  }

  async #made(kind: string, status: number, what: string, sent: Promise<Answer>): Promise<void> {
    this.#changes[kind] = (this.#changes[kind] ?? 0) + 1;
    const answer = await sent;
    if (answer.status !== status && this.#wrong.length < 10)
      this.#wrong.push(`${kind} ${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }

  async #expect(status: number, what: string, answer: Answer): Promise<void> {
    if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${answer.text}`);
  }

  async #put(name: string, files: Files, headers: Record<string, string> = {}): Promise<Answer> {
    const form = multipart(await zip(files));
    return request(this.#url, `/${name}`, { method: 'PUT', headers: { ...form.headers, ...headers }, body: form.body });
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const event of new FusionizerClient(this.#url).events({ signal })) if ('id' in event) this.#events += 1;
  }

  async #every(milliseconds: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await act();
      await delay(milliseconds, undefined, { signal }).catch((error: Error) => {
        if (error.name !== 'AbortError') throw error;
      });
    }
  }

  async #workerOf(runtime: Runtime): Promise<number> {
    const { functions } = (await request(this.#url, '/-/setup')).json<SetupView>();
    const name = functions.find(({ tasks }) => tasks[0] === STEADY[runtime])?.name ?? '';
    const worker = (await processes()).find(
      ({ command, parent }) => parent === this.#server.child.pid && command.includes(`/${name}`),
    );
    if (worker === undefined) throw new Error(`${STEADY[runtime]} has no worker`);
    return worker.pid;
  }
}

/** Answers with the body of the event and logs its size, but fails for the body `fail`. */
function echo(runtime: Runtime): Files {
  return runtime === 'python'
    ? {
        'function.yaml': functionYaml('python'),
        'main.py': [
          'def handler(context, event):',
          '    context.logger.info_with("an event", size=len(event.body))',
          '    if event.body == b"fail":',
          '        raise ValueError("told to fail")',
          '    return event.body.decode()',
          '',
        ].join('\n'),
      }
    : {
        'function.yaml': functionYaml('nodejs'),
        'main.js': [
          'exports.handler = (context, event) => {',
          "  context.logger.infoWith('an event', { size: event.body.length });",
          "  if (event.body.toString() === 'fail') throw new Error('told to fail');",
          '  context.callback(event.body.toString());',
          '};',
          '',
        ].join('\n'),
      };
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
