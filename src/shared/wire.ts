/**
 * What the server hands to functions as JSON: the manifest of a function package, and the metadata of an event. See
 * docs/dispatcher.md.
 */

export interface ManifestTask {
  name: string;
  /** Relative to the build folder: `tasks/<task>`. */
  dir: string;
  /** The Task's own `spec.handler`. */
  handler: string;
  /** Merged trigger names to the Task's own, which are what the handler sees. */
  triggers: Record<string, string>;
}

/** `fusionizer.json` of a function package. */
export interface Manifest {
  version: 1;
  runtime: 'python' | 'nodejs';
  group: string[];
  /** In group order. */
  tasks: ManifestTask[];
}

/** The JSON in an `E` frame: an event as its handler sees it, but for the body. */
export interface EventMeta {
  id: string;
  method: string;
  /** Decoded and normalised. */
  path: string;
  /** Of the query, the last of a repeated one. */
  fields: Record<string, string>;
  /** By canonical names. A cron trigger's may be numbers and booleans, as function.yaml has them. */
  headers: Readonly<Record<string, string | number | boolean>>;
  /** '' when there is none. */
  content_type: string;
  /** Unix seconds; 0 for a cron event. */
  timestamp: number;
  trigger: { kind: string; name: string };
  worker_id: string;
  /** The event has no body at all, which Python handlers see as None. */
  body_null?: boolean;
}
