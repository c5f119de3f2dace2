import { type LogLevel, type LogRecord, type Stage, severity, type TraceRecord } from '../../shared/api.ts';
import { formatDuration, roundDuration } from '../../shared/format.ts';
import { answerWords, countWords, isFailure } from '../../shared/recordWords.ts';
import { formatFused } from '../../shared/setup.ts';
import type { Setup } from '../../shared/setupApi.ts';
import { TaskNameError } from '../../task/errors.ts';
import { lastLines, shortDetail, withoutOutput } from '../buildOutput.ts';
import type { Cli } from '../cli.ts';
import type { DeployError, Deployed } from '../deploySource.ts';
import { count, formatClock, formatMessage, formatSource } from '../format.ts';
import { PROGRAM } from '../invokedAs.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { cutName, deployedWords } from './fit.ts';

/** The column of Task names: it grows up to the longest name, but not beyond. Longer names are cut on a terminal. */
const NAME_WIDTH = { least: 8, most: 20 };
/** `00:00:00 ` */
const CLOCK_WIDTH = 9;
/** On a narrow terminal, text has at least this many columns, and the path of a request. */
const MIN_ROOM = 20;
const MIN_PATH = 12;
/** A deploy that takes longer shows its stages; milliseconds. */
const SLOW = 1000;

/** What it needs of the command line. */
type Output = Pick<Cli, 'out' | 'json' | 'printJsonLine'>;

/**
 * The one terminal of `fusionizer dev`: a line each for deploys, requests and log records, with time and Task in
 * front. With `--json`, each is a JSON object with a `type`. All goes to stdout, which keeps the order.
 */
export class DevOutput {
  readonly #out: Terminal;
  readonly #cli: Output;
  readonly #least: number;
  #nameWidth = NAME_WIDTH.least;
  #hasFailed = false;
  /** Deploys that run, by the place of their Task: the Task's name, and whether a line says that it takes long. */
  readonly #deploying = new Map<string, { name: string; shown: boolean }>();

  /** @param level the lowest level that is shown */
  constructor(cli: Output, level: LogLevel = 'debug') {
    this.#cli = cli;
    this.#least = severity(level);
    this.#out = cli.out;
  }

  ready(address: string, about: string, { pid, tasks }: { pid: number; tasks: number }): void {
    if (this.#isDone('ready', { address, pid, tasks }, 'error')) return;
    this.#out.line(`Fusionizer is ready at ${this.#out.colors.bold(address)}`);
    if (!this.#shows('warn')) return;
    const width = this.#out.width ?? Number.POSITIVE_INFINITY;
    for (const line of about.split('\n').flatMap((one) => wrap(one, width))) this.#out.line(this.#out.colors.dim(line));
  }

  /** A line about no Task in particular. */
  note(text: string, level: LogLevel = 'info'): void {
    if (!this.#isDone('note', { text }, level)) this.#line('', text);
  }

  deploying(name: string, place: string): void {
    this.#widen(name);
    this.#deploying.set(place, { name, shown: false });
  }

  deployEnded(place: string): void {
    this.#deploying.delete(place);
  }

  /** Most deploys are over before anybody could read their stages. */
  stage(place: string, stage: Stage): void {
    const deploying = this.#deploying.get(place);
    if (deploying === undefined || this.#cli.json || !this.#shows('info')) return;
    const show = (): void => {
      if (this.#deploying.get(place) !== deploying || deploying.shown) return;
      deploying.shown = true;
      this.#line(deploying.name, this.#out.colors.dim(`${stage} of ${place} goes on ...`));
    };
    if (stage === 'build') setTimeout(show, SLOW).unref();
  }

  deployed({ shipment, operation, task, isUnchanged }: Deployed, duration: number): void {
    const warnings = [...shipment.warnings, ...operation.warnings];
    const fields = { ok: true, source: shipment.from, task, warnings, duration: roundDuration(duration) };
    if (this.#isDone('deploy', fields, warnings.length > 0 ? 'warn' : 'info')) return;
    const { colors } = this.#out;
    for (const warning of warnings) this.#line(task.name, `${colors.yellow('warning')} ${warning}`);
    if (!this.#shows('info')) return;
    const note = `(${isUnchanged ? 'unchanged' : formatDuration(duration)})`;
    const version = `version ${task.version}`;
    const room = this.#room - 'deployed '.length - version.length - ' '.length - note.length;
    const { fused, address } = deployedWords(task.group, task.address, room);
    this.#line(task.name, `${colors.green('deployed')} ${version}${fused} ${colors.dim(note)}${address}`);
  }

  /** The Task's folder was renamed. */
  moved(name: string, from: string, to: string): void {
    if (!this.#isDone('moved', { task: name, from, to })) this.#line(name, `moved to ${to}`);
  }

  /** A newer save cancelled a deploy. */
  outdated(name: string): void {
    this.#remark(name, 'outdated', 'saved again: the deploy before is cancelled');
  }

  /** Another client deploys the same Task, and the server prefers the newer request. */
  superseded(name: string): void {
    this.#remark(name, 'superseded', 'another client deploys it now');
  }

  deployedByOther(name: string, version: number): void {
    if (this.#isDone('other', { task: name, action: 'deploy', version })) return;
    this.#line(name, `version ${version} deployed by another client`);
  }

  /** @param isHere whether its source is still there */
  deletedByOther(name: string, isHere: boolean): void {
    if (this.#isDone('other', { task: name, action: 'delete' }, 'warn')) return;
    const next = isHere ? `; the next save of ${name} deploys it again` : '';
    this.#line(name, `${this.#out.colors.yellow('deleted')} by another client${next}`);
  }

  /** @param version the one that still serves */
  failedByOther(name: string, detail: string, version: number | undefined): void {
    if (this.#isDone('other', { task: name, action: 'fail', detail, version }, 'error')) return;
    const left = version === undefined ? '' : `; version ${version} still serves`;
    this.#line(name, `${this.#out.colors.yellow('failed')} deploy by another client${left}: ${shortDetail(detail)}`);
  }

  /** A folder that `deploy` would take, but that `dev` does not. @param task what it is deployed as already */
  unconfigured(folder: string, task: string | undefined): void {
    if (this.#isDone('unconfigured', { folder, task })) return;
    const text =
      task === undefined
        ? `${folder} has one source file but no function.yaml: add one to have it deployed`
        : `${folder} is deployed as '${task}', and not watched: it has no function.yaml`;
    this.note(this.#out.colors.dim(text));
  }

  /** @param built what the build printed, if the error does not hold all of it */
  failed(name: string, source: string, { report, left, cause }: DeployError, built: readonly string[] = []): void {
    const isFirst = !this.#hasFailed;
    this.#hasFailed = true;
    const output = built.length > 0 ? { output: built } : {};
    if (this.#isDone('deploy', { ok: false, source, error: report, ...output }, 'error')) return;
    const { colors } = this.#out;
    const { detail, file, line, hint } = withoutOutput(report, built, ':');
    const [first, ...advice] = detail.split('\n');
    const place = file === undefined ? source : line === undefined ? file : `${file}:${line}`;
    // `dev` has no --name.
    const more = [
      ...lastLines(built).map((one) => `  ${one}`),
      ...advice,
      `at ${place}`,
      ...(hint === undefined || cause instanceof TaskNameError ? [] : [hint]),
      ...(left?.split('\n') ?? []),
    ];
    const rest = isFirst ? [...more, 'The next save tries again.'] : more;
    this.#line(
      name,
      `${colors.red('failed')} ${first}`,
      rest.map((text) => colors.dim(text)),
    );
  }

  removed(name: string, source: string): void {
    if (this.#isDone('removed', { task: name, source }, 'warn')) return;
    const { colors } = this.#out;
    const rest = ['The Task still serves. Delete it with:', `  ${PROGRAM} delete ${name}`];
    this.#line(
      name,
      `${colors.yellow('removed')} ${source}`,
      rest.map((text) => colors.dim(text)),
    );
  }

  watching(tasks: number): void {
    if (this.#isDone('watching', { tasks })) return;
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
    if (this.#isDone('log', { record }, record.level)) return;
    const { first, rest } = formatMessage(this.#out, record);
    this.#line(formatSource(record), first.join(' '), rest, record.time);
  }

  request(record: TraceRecord): void {
    const { callee, request = 'event', status, duration, start } = record;
    if (this.#isDone('request', { record }, status === 0 || status >= 500 ? 'warn' : 'info')) return;
    const { colors } = this.#out;
    const paint = status === 0 || status >= 500 ? colors.red : status >= 400 ? colors.yellow : colors.green;
    const answer = answerWords(status);
    const took = formatDuration(duration);
    // A path is cut, so that a request stays one line.
    const room = Math.max(MIN_PATH, this.#room - answer.length - took.length - 2);
    this.#line(callee, `${colors.bold(cutName(request, room))} ${paint(answer)} ${took}`, [], start + duration);
  }

  /** The calls that one request led to. */
  calls(request: TraceRecord, calls: readonly TraceRecord[]): void {
    if (this.#isDone('calls', { trace: request.trace, records: calls })) return;
    const { colors } = this.#out;
    const local = calls.filter((call) => call.local).length;
    const counts = countWords({ local, remote: calls.length - local });
    // A call that failed is shown first: it may be one of many.
    const hasFailed = ({ status }: TraceRecord): boolean => isFailure(status);
    const sorted = [...calls.filter(hasFailed), ...calls.filter((call) => !hasFailed(call))];
    const each = sorted.map((call) => {
      const failure = hasFailed(call) ? `${colors.red(answerWords(call.status))} ` : '';
      return `${colors.dim(call.callee)} ${failure}${colors.dim(formatDuration(call.duration))}`;
    });
    const shown = each.length > 4 ? [...each.slice(0, 3), colors.dim(`${each.length - 3} more`)] : each;
    const words = `  ${counts} call${calls.length === 1 ? '' : 's'}: `;
    this.#line(request.callee, `${colors.dim(words)}${shown.join(colors.dim(', '))}`);
  }

  setup(groups: Setup): void {
    if (this.#isDone('setup', { groups })) return;
    this.note(formatFused(groups));
  }

  lost(error: Error): void {
    const text = `${this.#out.colors.red('lost')} ${error.message}`;
    if (!this.#isDone('lost', { detail: error.message }, 'error')) this.#line('', text);
  }

  /** Whether nothing is left to print: it is below the lowest level, or is printed as JSON. */
  #isDone(type: string, fields: object, level: LogLevel = 'info'): boolean {
    if (!this.#shows(level)) return true;
    if (this.#cli.json) this.#cli.printJsonLine({ type, ...fields });
    return this.#cli.json;
  }

  #shows(level: LogLevel): boolean {
    return severity(level) >= this.#least;
  }

  /** A line for a person who wonders; not a result. */
  #remark(name: string, type: string, text: string): void {
    if (!this.#isDone(type, { task: name })) this.#line(name, this.#out.colors.dim(text));
  }

  #widen(name: string): void {
    this.#nameWidth = Math.min(Math.max(this.#nameWidth, name.length), NAME_WIDTH.most);
  }

  /** Columns before the text of a line. */
  get #indent(): number {
    return CLOCK_WIDTH + this.#nameWidth + 1;
  }

  /** Columns for the text of a line; a pipe takes any number. */
  get #room(): number {
    return (this.#out.width ?? Number.POSITIVE_INFINITY) - this.#indent;
  }

  #line(name: string, text: string, rest: readonly string[] = [], time = Date.now()): void {
    const { colors, line, width } = this.#out;
    this.#widen(name);
    const shown = width === undefined ? name : cutName(name, NAME_WIDTH.most);
    const room = Math.max(MIN_ROOM, this.#room);
    const [first = '', ...more] = [text, ...rest].flatMap((one) => one.split('\n')).flatMap((one) => wrap(one, room));
    line(`${colors.dim(formatClock(time))} ${colors.cyan(shown.padEnd(this.#nameWidth))} ${first}`);
    for (const one of more) line(`${' '.repeat(this.#indent)}${one}`);
  }
}
