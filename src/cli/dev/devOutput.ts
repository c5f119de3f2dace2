import type { LogRecord, Setup, Stage, TraceRecord } from '../../shared/api.ts';
import { formatDuration } from '../../shared/format.ts';
import { TaskNameError } from '../../task/errors.ts';
import type { Cli } from '../cli.ts';
import type { DeployError, Deployed } from '../deploySource.ts';
import { count, formatClock, formatGroup, formatMessage } from '../format.ts';
import { PROGRAM } from '../invokedAs.ts';
import type { Terminal } from '../terminal.ts';

/** The column of Task names: it grows up to the longest name, but not beyond. */
const NAME_WIDTH = { least: 8, most: 20 };
/** A deploy that takes longer shows its stages; milliseconds. */
const SLOW = 1000;

/**
 * The one terminal of `fusionizer dev`: a line each for deploys, requests and log records, with time and Task in
 * front. With `--json`, each is a JSON object with a `type`. All goes to stdout, which keeps the order.
 */
export class DevOutput {
  readonly #out: Terminal;
  readonly #cli: Cli;
  #nameWidth = NAME_WIDTH.least;
  #deploying: { name: string; place: string; began: number; shown: boolean } | undefined;

  constructor(cli: Cli) {
    this.#cli = cli;
    this.#out = cli.out;
  }

  ready(address: string, about: string, { pid, tasks }: { pid: number; tasks: number }): void {
    if (this.#json('ready', { address, pid, tasks })) return;
    this.#out.line(`Fusionizer is ready at ${this.#out.colors.bold(address)}`);
    for (const line of about.split('\n')) this.#out.line(this.#out.colors.dim(line));
  }

  /** A line about no Task in particular. */
  note(text: string): void {
    if (!this.#json('note', { text })) this.#line('', text);
  }

  deploying(name: string, place: string): void {
    this.#widen(name);
    this.#deploying = { name, place, began: performance.now(), shown: false };
  }

  /** Most deploys are over before anybody could read their stages. */
  stage(stage: Stage): void {
    const deploying = this.#deploying;
    if (deploying === undefined || this.#cli.json) return;
    const show = (): void => {
      if (this.#deploying !== deploying || deploying.shown) return;
      deploying.shown = true;
      this.#line(deploying.name, this.#out.colors.dim(`${stage} of ${deploying.place} goes on ...`));
    };
    if (stage === 'build') setTimeout(show, SLOW).unref();
  }

  deployed({ shipment, operation, task, isUnchanged }: Deployed, duration: number): void {
    this.#deploying = undefined;
    const warnings = [...shipment.warnings, ...operation.warnings];
    if (this.#json('deploy', { ok: true, source: shipment.from, task, warnings, duration })) return;
    const { colors } = this.#out;
    for (const warning of warnings) this.#line(task.name, `${colors.yellow('warning')} ${warning}`);
    const fused = task.group.length > 1 ? `, fused as ${formatGroup(task.group)}` : '';
    const note = isUnchanged ? 'unchanged' : formatDuration(duration);
    this.#line(
      task.name,
      `${colors.green('deployed')} version ${task.version}${fused} ${colors.dim(`(${note})`)} ${task.address}`,
    );
  }

  failed(name: string, source: string, { report, left, cause }: DeployError): void {
    this.#deploying = undefined;
    if (this.#json('deploy', { ok: false, source, error: report })) return;
    const { colors } = this.#out;
    const { detail, file, line, hint } = report;
    const place = file === undefined ? source : line === undefined ? file : `${file}:${line}`;
    // `dev` has no --name.
    const more = [
      `at ${place}`,
      ...(hint === undefined || cause instanceof TaskNameError ? [] : [hint]),
      ...(left?.split('\n') ?? []),
    ];
    const rest = [...more, 'The next save tries again.'];
    this.#line(
      name,
      `${colors.red('failed')} ${detail}`,
      rest.map((text) => colors.dim(text)),
    );
  }

  removed(name: string, source: string): void {
    if (this.#json('removed', { task: name, source })) return;
    const { colors } = this.#out;
    const rest = ['The Task still serves. Delete it with:', `  ${PROGRAM} delete ${name}`];
    this.#line(
      name,
      `${colors.yellow('removed')} ${source}`,
      rest.map((text) => colors.dim(text)),
    );
  }

  watching(tasks: number): void {
    if (this.#json('watching', { tasks })) return;
    this.note(
      tasks > 0
        ? `Watching ${count(tasks, 'Task')}. Press Ctrl+C to stop.`
        : `There is no Task here yet: \`${PROGRAM} init NAME\` makes one, and it is deployed at once.`,
    );
  }

  /** @param tasks whose record it is; none for the server's own */
  log(tasks: readonly string[], record: LogRecord): void {
    // The server's own news are the lines of deploys and requests.
    if (tasks.length === 0 && (record.level === 'debug' || record.level === 'info')) return;
    if (this.#json('log', { record })) return;
    const { first, rest } = formatMessage(this.#out, record);
    this.#line(record.task ?? (tasks.length === 0 ? 'server' : formatGroup(tasks)), first, rest, record.time);
  }

  request(record: TraceRecord): void {
    if (this.#json('request', { record })) return;
    const { callee, request = 'event', status, duration, start } = record;
    const { colors } = this.#out;
    const paint = status === 0 || status >= 500 ? colors.red : status >= 400 ? colors.yellow : colors.green;
    const shown = `${colors.bold(request)} ${paint(status === 0 ? 'no answer' : String(status))}`;
    this.#line(callee, `${shown} ${formatDuration(duration)}`, [], start + duration);
  }

  /** The calls that one request led to. */
  calls(request: TraceRecord, calls: readonly TraceRecord[]): void {
    if (this.#json('calls', { trace: request.trace, records: calls })) return;
    const { colors } = this.#out;
    const local = calls.filter((call) => call.local).length;
    const counts = [local > 0 ? `${local} local` : '', calls.length > local ? `${calls.length - local} remote` : ''];
    const each = calls.map(({ callee, duration }) => `${callee} ${formatDuration(duration)}`);
    const shown = each.length > 4 ? [...each.slice(0, 3), `${each.length - 3} more`] : each;
    this.#line(
      request.callee,
      colors.dim(`  ${counts.filter(Boolean).join(', ')} call${calls.length === 1 ? '' : 's'}: ${shown.join(', ')}`),
    );
  }

  setup(groups: Setup): void {
    if (this.#json('setup', { groups })) return;
    const fused = groups.filter(({ length }) => length > 1).map(formatGroup);
    this.note(fused.length === 0 ? 'Every Task runs by itself.' : `Fused: ${fused.join(' | ')}`);
  }

  lost(error: Error): void {
    if (!this.#json('lost', { detail: error.message })) this.note(`${this.#out.colors.red('lost')} ${error.message}`);
  }

  #json(type: string, fields: object): boolean {
    if (this.#cli.json) this.#cli.printJsonLine({ type, ...fields });
    return this.#cli.json;
  }

  #widen(name: string): void {
    this.#nameWidth = Math.min(Math.max(this.#nameWidth, name.length), NAME_WIDTH.most);
  }

  #line(name: string, text: string, rest: readonly string[] = [], time = Date.now()): void {
    const { colors, line } = this.#out;
    this.#widen(name);
    const [first = '', ...more] = text.split('\n');
    line(`${colors.dim(formatClock(time))} ${colors.cyan(name.padEnd(this.#nameWidth))} ${first}`);
    const indent = ' '.repeat('00:00:00 '.length + this.#nameWidth + 1);
    for (const one of [...more, ...rest]) line(`${indent}${one}`);
  }
}
