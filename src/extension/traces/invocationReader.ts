import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { CallCounter } from './callCounts.ts';
import { type InvocationFilter, queryOf } from './invocationFilter.ts';
import type { InvocationNode } from './invocationNode.ts';

/** The most that the server finds at a time. */
const MOST = 10_000;

type Source = Pick<FusionizerClient, 'traces' | 'tracePage'>;

/** Reads the rows of the view from the server. */
export class InvocationReader {
  readonly #counter = new CallCounter();

  /**
   * The newest invocations that fit, newest first, and the row *Show Older* if there are more.
   * @param limit how many
   */
  async read(client: Source, filter: InvocationFilter, limit: number): Promise<InvocationNode[]> {
    const { records, cursor } = await client.tracePage({ ...queryOf(filter), limit: Math.min(limit, MOST) });
    const counts = await this.#counter.count(records, (since, most) => client.traces({ since, limit: most }));
    const rows = records.reverse().map((record) => ({ record, calls: counts.get(record.trace) }));
    return cursor !== undefined && limit < MOST ? [...rows, 'older'] : rows;
  }
}
