import path from 'node:path';
import { type Command, Option } from 'commander';
import { FusionizerError } from '../../shared/errors.ts';
import { RUNTIMES, TEMPLATES, type Template, writeTask } from '../../task/templates.ts';
import { parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { PROGRAM } from '../invokedAs.ts';

/** `fusionizer init`: makes the folder of a new Task, ready to deploy. */
export function registerInit(program: Command, cli: Cli): void {
  program
    .command('init')
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
    .action(async (name: string, options: { runtime: Template['runtime']; template: Template['kind'] }) => {
      const dir = path.resolve(name);
      const files = await writeTask(dir, { runtime: options.runtime, kind: options.template }, name).catch(
        (error: unknown) => {
          throw error instanceof FusionizerError ? new UsageError(error.message, { cause: error }) : error;
        },
      );
      if (cli.json) return cli.printJson({ name, dir, files });
      cli.err.line(`Made ${files.map((file) => path.join(name, file)).join(' and ')}. Next:`);
      cli.err.line(`  ${PROGRAM} deploy ${name}`);
      cli.err.line(`  ${PROGRAM} invoke ${name} -d '{"name": "you"}'`);
    });
}
