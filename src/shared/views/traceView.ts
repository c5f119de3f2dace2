import type { LogRecord } from '../api.ts';
import type { ShownSpan } from '../trace/traceModel.ts';
import type { Exchange } from '../traceApi.ts';

/** The messages between the page of traces and its host: the editor's extension, or the page's own in a browser. */

/** A trace as the page shows it. Requests and answers come on demand: they may be large. */
export interface ShownTrace {
  readonly id: string;
  readonly spans: readonly ShownSpan[];
  readonly logs: readonly LogRecord[];
}

/** What the page shows: one trace, or two on one axis, such as the same request before and after a fusion. */
export interface ShownTraces {
  readonly traces: readonly ShownTrace[];
  /** The Fusion Groups now; undefined where the server cannot be asked. */
  readonly groups: readonly (readonly string[])[] | undefined;
}

/** What a person can do about a span. */
export type TraceAction =
  /** Makes one Fusion Group of the groups of these Tasks. */
  | { readonly kind: 'fuse'; readonly tasks: readonly [string, string] }
  /** Sends the request again, and shows both traces. */
  | { readonly kind: 'replay'; readonly trace: string; readonly span: string }
  /** Asks for another trace to show below this one. */
  | { readonly kind: 'compare'; readonly trace: string }
  /** Shows this trace only. */
  | { readonly kind: 'only'; readonly trace: string }
  | { readonly kind: 'openTask'; readonly task: string };

export interface TraceHostSide {
  readonly requests: {
    /** The page has begun. */
    readonly ready: { readonly input: undefined; readonly output: ShownTraces };
    /** The request and the answer of a span; undefined if they are no longer kept. */
    readonly details: {
      readonly input: { readonly trace: string; readonly span: string };
      readonly output: Exchange | undefined;
    };
    /** The spans whose request or answer has a text, in upper or lower case. */
    readonly search: {
      readonly input: { readonly trace: string; readonly text: string };
      readonly output: readonly string[];
    };
    /** The result is what happened, in words for a person; undefined if that is seen. */
    readonly act: { readonly input: TraceAction; readonly output: string | undefined };
  };
  readonly events: Record<string, never>;
}

export interface TracePageSide {
  readonly requests: Record<string, never>;
  readonly events: {
    /** Other traces, or more of the same ones. */
    readonly show: ShownTraces;
    readonly groups: readonly (readonly string[])[];
  };
}
