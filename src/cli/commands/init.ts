import path from 'node:path';
import { type Command, Option } from 'commander';
import { FusionizerError } from '../../shared/errors.ts';
import { soundTaskName } from '../../task/taskName.ts';
import { CALLEE, RUNTIMES, TEMPLATES, type Template, writeTask } from '../../task/templates.ts';
import { parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { PROGRAM } from '../invokedAs.ts';

/** Columns before the commands of what is next. */
const INDENT = 2;

interface Choice {
  runtime: Template['runtime'];
  template: Template['kind'];
}

/** `fusionizer init`: makes the folder of a new Task, ready to deploy. */
export function registerInit(program: Command, cli: Cli): void {
  const command = program.command('init');
  cli.withoutServer(command, 'It writes files and uses no server.');
  command
    .description('Make a new Task: a folder with function.yaml and a handler.')
    .argument('<name>', "the Task's and the folder's name", parseName)
    .addOption(
      new Option('-r, --runtime <runtime>', 'what the handler is written in').choices(RUNTIMES).default('python'),
    )
    .addOption(
      new Option(
        '-t, --template <template>',
        'an example that answers, calls another Task, runs by a cron trigger, or uses packages',
      )
        .choices(TEMPLATES)
        .default('plain'),
    )
    .action(async (name: string, options: Choice) => {
      if (options.template === 'call' && name === CALLEE)
        throw new UsageError(`The template 'call' calls a Task '${CALLEE}'. Choose another name for the new one.`);
      const dir = path.resolve(name);
      const files = await writeTask(dir, { runtime: options.runtime, kind: options.template }, name).catch(
        (error: unknown) => {
          throw error instanceof FusionizerError ? new UsageError(error.message, { cause: error }) : error;
        },
      );
      if (cli.json) return cli.printJson({ name, dir, files });
      cli.err.line(`Made ${files.map((file) => path.join(name, file)).join(' and ')}. Next:`);
      for (const line of nextSteps(name, options, await hasCallee(dir), cli.err.width)) cli.err.write(`  ${line}\n`);
    });
}

/** Whether the Task that the template calls is beside the new one. */
const hasCallee = async (dir: string): Promise<boolean> =>
  (await soundTaskName(path.join(path.dirname(dir), CALLEE))) === CALLEE;

/**
 * What to do with a new Task: commands with comments, to be pasted into a shell. On a narrow terminal the comments
 * stand above, as a command that is broken by a line break is another one.
 * @param isComplete whether the Task that it calls is there
 */
function nextSteps(name: string, template: Choice, isComplete: boolean, room = Number.POSITIVE_INFINITY): string[] {
  const body = bodyOf(template);
  const data = body === undefined ? '' : ` -d '${JSON.stringify(body)}'`;
  const steps = [
    [`${PROGRAM} dev`, 'serves and deploys every Task below this folder, until Ctrl+C'],
    ...(template.template === 'call' && !isComplete
      ? [[`${PROGRAM} init ${CALLEE}`, `'${name}' calls a Task '${CALLEE}': make it, or change OTHER in the handler`]]
      : []),
    [`${PROGRAM} invoke ${name}${data}`, 'in another terminal'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, comment]) => `${command.padEnd(width)}  # ${comment}`);
  if (lines.every((line) => line.length + INDENT <= room)) return lines;
  return steps.flatMap(([command, comment]) => [`# ${comment}`, command]);
}

/** A body that the template's handler reads; undefined if it reads none. */
function bodyOf({ runtime, template }: Choice): unknown {
  if (template === 'cron') return undefined;
  if (template === 'packages') return runtime === 'python' ? { bytes: 123456 } : { date: '2024-02-28' };
  return { name: 'you' };
}
