import type { TraceRecord } from '../../shared/api.ts';
import type { CallCounts } from './callCounts.ts';

/** A row of the view: an invocation from outside. */
export interface InvocationRow {
  readonly record: TraceRecord;
  /** Undefined if they are not known. */
  readonly calls: CallCounts | undefined;
}

/** A row of the view. `older`: it shows the next page. */
export type InvocationNode = InvocationRow | 'older';

/** Whether a command's argument is an invocation of the view. */
export function isInvocationRow(value: unknown): value is InvocationRow {
  return typeof value === 'object' && value !== null && 'record' in value && 'calls' in value;
}

/** What menus know of a row. An event of a trigger has no request that could be sent again. */
export const contextOf = ({ request }: Pick<TraceRecord, 'request'>): string =>
  request === undefined ? 'invocation;' : 'invocation;request;';
