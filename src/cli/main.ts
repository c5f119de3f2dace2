import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { endQuietlyOnBrokenPipe } from './brokenPipe.ts';
import { createCli, DEFAULT_SERVER, wantsJson } from './cli.ts';
import { registerDelete } from './commands/delete.ts';
import { registerDeploy } from './commands/deploy.ts';
import { registerDev } from './commands/dev.ts';
import { registerFuse } from './commands/fuse.ts';
import { registerGet } from './commands/get.ts';
import { registerInit } from './commands/init.ts';
import { registerInvoke } from './commands/invoke.ts';
import { registerList } from './commands/list.ts';
import { registerLogs } from './commands/logs.ts';
import { registerPrune } from './commands/prune.ts';
import { registerReplay } from './commands/replay.ts';
import { registerSchedule } from './commands/schedule.ts';
import { registerServe } from './commands/serve.ts';
import { registerSetup } from './commands/setup.ts';
import { registerSplit } from './commands/split.ts';
import { registerTest } from './commands/test.ts';
import { registerTraces } from './commands/traces.ts';
import { registerUi } from './commands/ui.ts';
import { exitCodeOf, reportError } from './errors.ts';
import { EXIT_CODE_HELP } from './exitCodes.ts';
import { usageErrorOf } from './usage.ts';

const program = new Command('fusionizer')
  .description(
    'Write serverless Tasks for Nuclio, deploy each by itself, ' +
      'and let the Fusionizer run Tasks together that call each other.',
  )
  .version(manifest.version)
  .option(
    '--server <url>',
    'the Fusionizer server; also FUSIONIZER_URL ' +
      `(default: the one that serves the working directory, else ${DEFAULT_SERVER})`,
  )
  .option('--json', 'print JSON')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', EXIT_CODE_HELP)
  .configureOutput({ outputError: () => undefined })
  .exitOverride();
const json = wantsJson(process.argv.slice(2));
if (json) program.configureOutput({ writeErr: () => undefined });
const cli = createCli(program, json);
program.hook('preAction', (_program, command) => cli.findServer(command));

registerDev(program, cli);
registerServe(program, cli);
registerInit(program, cli);
registerDeploy(program, cli);
registerInvoke(program, cli);
registerList(program, cli);
registerGet(program, cli);
registerLogs(program, cli);
registerDelete(program, cli);
registerFuse(program, cli);
registerSplit(program, cli);
registerSetup(program, cli);
registerSchedule(program, cli);
registerTest(program, cli);
registerTraces(program, cli);
registerReplay(program, cli);
registerPrune(program, cli);
registerUi(program, cli);

endQuietlyOnBrokenPipe();
program.parseAsync().catch((thrown: unknown) => {
  const isShown =
    thrown instanceof CommanderError && (thrown.exitCode === 0 || (thrown.code === 'commander.help' && !json));
  const error =
    thrown instanceof CommanderError && !isShown ? usageErrorOf(thrown, program, process.argv.slice(2)) : thrown;
  reportError(cli, error);
  process.exitCode = exitCodeOf(error);
});
