import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { FusionizerError } from '../shared/errors.ts';

/** @param id the first characters of a trace's id */
export function noSuchTrace(id: string): FusionizerError {
  return new FusionizerError(
    'not-found',
    `No trace is recorded whose id begins with '${id}': \`traces\` lists the newest. ` +
      'the server keeps 10,000 records in memory, and with --record older ones on disk',
  );
}

/** @throws FusionizerError `not-found` for a trace that is not recorded */
export async function checkTrace(client: FusionizerClient, id: string): Promise<void> {
  if ((await client.traces({ trace: id })).length === 0) throw noSuchTrace(id);
}
