import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { PROGRAM } from '../invokedAs.ts';
import { RUNTIMES, type TemplateRuntime, templateOf } from '../templates.ts';

/** `fusionizer init`: makes the folder of a new Task, ready to be deployed. */
export function registerInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .description('Make a new Task: a folder with function.yaml and a handler.')
    .argument('<name>', "the Task's and the folder's name", parseName)
    .addOption(new Option('-r, --runtime <runtime>', 'what the handler is written in').choices(RUNTIMES).default('python'))
    .action(async (name: string, { runtime }: { runtime: TemplateRuntime }) => {
      const dir = path.resolve(name);
      await makeEmpty(dir, name);
      const files = templateOf(runtime, name);
      // wx: what is there is never overwritten, though it came between the look and now.
      for (const [file, content] of Object.entries(files)) await writeFile(path.join(dir, file), content, { flag: 'wx' });
      if (cli.json) return cli.printJson({ name, dir, files: Object.keys(files) });
      cli.err.line(
        `Made ${Object.keys(files)
          .map((file) => path.join(name, file))
          .join(' and ')}. Next:`,
      );
      cli.err.line(`  ${PROGRAM} deploy ${name}`);
      cli.err.line(`  ${PROGRAM} invoke ${name} -d '{"name": "you"}'`);
    });
}

async function makeEmpty(dir: string, name: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw new UsageError(`${name} is there already and is no folder: choose another name`, { cause });
    throw cause;
  });
  if ((await readdir(dir)).length > 0) throw new UsageError(`The folder ${name} is there already and is not empty: choose another name`);
}
