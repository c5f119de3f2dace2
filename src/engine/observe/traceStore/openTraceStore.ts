import path from 'node:path';
import type { RecordMode } from '../../../shared/traceApi.ts';
import type { ServerLog } from '../serverLog.ts';
import { SecretsMask, type ServingFunctions } from './secretsMask.ts';
import { TraceStore } from './traceStore.ts';

/**
 * Opens the traces of a state folder.
 * @param parts `secrets` are the server's own
 * @returns undefined where nothing is to be recorded, or cannot be
 */
export async function openTraceStore(
  { record = 'all', recordLimit }: { record?: RecordMode | undefined; recordLimit?: number | undefined },
  state: string,
  parts: { fusionizer: ServingFunctions; secrets: readonly string[]; log: ServerLog },
): Promise<TraceStore | undefined> {
  if (record === 'none') return undefined;
  const secrets = new SecretsMask(parts.secrets, parts.fusionizer);
  return TraceStore.open({
    dir: path.join(state, 'traces'),
    record,
    limit: recordLimit,
    mask: (ran) => secrets.for(ran),
    warn: (message) => parts.log.write('warn', message),
  });
}
