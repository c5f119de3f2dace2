/**
 * The JSON that the server sends to functions: the manifest of a function package, and the metadata of an event. See
 * docs/function-package.md.
 */

export interface ManifestTask {
  name: string;
  /** The Task's folder, relative to the build folder: `tasks/<task>`. */
  dir: string;
  /** The Task's own `spec.handler`. */
  handler: string;
  /** The Task's own trigger names, which its handler sees, by the names of the merged triggers. */
  triggers: Record<string, string>;
  /** The folder on this machine that the Task was deployed from, which tracebacks name. */
  source?: string;
}

/** The `fusionizer.json` of a function package. */
export interface Manifest {
  version: 1;
  runtime: 'python' | 'nodejs';
  group: string[];
  /** True if the http trigger has CORS settings: it may answer a request by itself, in place of the handler. */
  cors?: true;
  /** The most bytes that the http trigger takes as a request's body; left out if it is Nuclio's usual limit, 4 MiB. */
  maxBody?: number;
  /** In the order of `group`. */
  tasks: ManifestTask[];
}

/** The JSON in an `E` frame: an event as its handler sees it, without the body. */
export interface EventMeta {
  id: string;
  method: string;
  /** Decoded and normalised. */
  path: string;
  /** The fields of the query. For a repeated field, the last value. */
  fields: Record<string, string>;
  /** By canonical names. A cron trigger's values may be numbers and booleans, as in function.yaml. */
  headers: Readonly<Record<string, string | number | boolean>>;
  /** Empty if there is none. */
  content_type: string;
  /** Unix seconds; 0 for a cron event. */
  timestamp: number;
  trigger: { kind: string; name: string };
  worker_id: string;
  /** True if the event has no body at all, which Python handlers see as None. */
  body_null?: boolean;
}
