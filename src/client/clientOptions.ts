import type { IncomingHttpHeaders } from 'node:http';
import type { LogLevel, TraceRecord } from '../shared/api.ts';

/** Options of requests that start an operation. */
export interface OperationOptions {
  /** A UUID as the id of the operation, with which `events()` can follow it. */
  operation?: string | undefined;
  /** Cancels the operation on the server. The call then throws a ClientError `cancelled`. */
  signal?: AbortSignal | undefined;
}

export interface DeployOptions extends OperationOptions {
  /** The path that the Task comes from. */
  source?: string | undefined;
  /** Replaces a Task that was deployed from another source. Without it, that is refused with `source`. */
  replace?: boolean | undefined;
  /** Deploys even if the content is unchanged. */
  force?: boolean | undefined;
}

export interface SetupOptions extends OperationOptions {
  /** The expected revision of the setup. If it has changed, the request is refused with `revision`. */
  ifRevision?: number | undefined;
}

export interface LogOptions {
  /** This level and those above. */
  level?: LogLevel | undefined;
  /** Records of the traces whose ids begin so. */
  trace?: string | undefined;
  /** Records from this time on, in Unix milliseconds. */
  since?: number | undefined;
  /** The newest kept ones, so many. */
  lines?: number | undefined;
}

export interface CallOptions {
  /** Only calls of so many seconds up to now, at most 3600. */
  window?: number | undefined;
  /** Only calls while the Fusion Setup with this id was in force; `current` for the one that is. */
  setup?: string | undefined;
}

export interface TraceOptions {
  /** The first characters of a trace's id. */
  trace?: string | undefined;
  /** Caller or callee. */
  task?: string | undefined;
  /** A status, a class such as `5xx`, or `error`. */
  status?: string | undefined;
  /** The shortest duration, in milliseconds. */
  min?: number | undefined;
  /** The earliest start, in Unix milliseconds. */
  since?: number | undefined;
  /** Leaves out calls from Task to Task. */
  outer?: true | undefined;
  /** The newest ones, so many; at most 10,000. */
  limit?: number | undefined;
  /** Of the page before: older ones. */
  cursor?: string | undefined;
}

export interface TracePage {
  records: TraceRecord[];
  /** For the next page, of older records; undefined on the last one. */
  cursor: string | undefined;
}

export interface Invocation {
  /** Default POST. */
  method?: string | undefined;
  /**
   * Path and query after the Task's name. Default `/`. Spaces and characters beyond ASCII are escaped, all else is sent
   * as it is.
   */
  path?: string | undefined;
  /** Values go as UTF-8, and come as UTF-8 in the answer. */
  headers?: Record<string, string> | undefined;
  body?: Uint8Array | string | undefined;
  signal?: AbortSignal | undefined;
}

export interface InvocationAnswer {
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  trace: string;
}
