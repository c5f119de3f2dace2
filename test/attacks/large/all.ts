import type { ServerProcess } from '../../support/serverProcess.ts';
import { nodeTask, saying } from '../../support/tasks.ts';
import type { Attack } from './attack.ts';
import { HTTP_ATTACKS, PRINT } from './http.ts';
import { JSON_ATTACKS } from './json.ts';
import { SOURCE_ATTACKS } from './sources.ts';
import { YAML_ATTACKS } from './yaml.ts';
import { ZIP_ATTACKS } from './zips.ts';

/** All of them, by what they are about. Those of JSON leave traces behind, which those of HTTP ask for. */
export const ATTACKS: Readonly<Record<string, readonly Attack[]>> = {
  'function.yaml of any shape': YAML_ATTACKS,
  'files that a deploy reads': SOURCE_ATTACKS,
  'zips of very many and very large files': ZIP_ATTACKS,
  'setups, schedules and traces, and other requests after them': [...JSON_ATTACKS, ...HTTP_ATTACKS],
};

/** Deploys the Tasks that the attacks send events to. */
export async function deployTargets(server: ServerProcess): Promise<void> {
  await server.deploy('a', saying('a'));
  await server.deploy('print', nodeTask(PRINT));
}
