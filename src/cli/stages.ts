import type { Stage } from '../shared/api.ts';
import type { Cli } from './cli.ts';

const STAGES: Record<Stage, string> = {
  upload: 'received and unpacked',
  queued: 'waiting for its turn',
  build: 'making the function',
  start: 'starting its workers',
  ready: 'serving',
};

/** Shows that an operation has reached a stage. */
export function printStage({ err, json }: Cli, stage: Stage): void {
  if (!json) err.line(`  ${err.colors.cyan(stage.padEnd(6))}  ${err.colors.dim(STAGES[stage])}`);
}
