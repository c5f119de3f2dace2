import type { Command } from 'commander';
import { parseNames } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { describeError, exitCodeOf, printError, ReportedError } from '../errors.ts';
import { ExitCode } from '../exitCodes.ts';

/** `fusionizer delete`: deletes Tasks. The other Tasks of their groups keep serving. */
export function registerDelete(program: Command, cli: Cli): void {
  program
    .command('delete')
    .alias('rm')
    .description('Delete Tasks. The rest of their groups keeps serving.')
    .argument('<task...>', "the Tasks' names")
    .action(async (args: string[]) => {
      const names = parseNames(args, 'delete');
      const client = await cli.connect('change');
      let exitCode: number = ExitCode.ok;
      for (const name of names) {
        try {
          await client.delete(name);
          if (cli.json) cli.printJsonLine({ task: name, ok: true });
          else cli.err.line(`Deleted Task '${name}'`);
        } catch (error) {
          exitCode ||= exitCodeOf(error);
          if (cli.json) cli.printJsonLine({ task: name, ok: false, error: describeError(error) });
          else printError(cli, describeError(error));
          if (exitCode === ExitCode.unreachable) break;
        }
      }
      if (exitCode !== ExitCode.ok) throw new ReportedError(exitCode);
    });
}
