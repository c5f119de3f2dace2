/** Request and answer headers of the control API. */
export const HEADERS = {
  /** A UUID that the client chooses as the id of the operation, to follow it on `/-/events`. */
  operation: 'Fusionizer-Operation',
  /** The path that a Task is deployed from. */
  source: 'Fusionizer-Source',
  /** `true`: replace a Task that was deployed from another source. */
  replace: 'Fusionizer-Replace',
  /** `true`: deploy even if the content is unchanged. */
  force: 'Fusionizer-Force',
  /** In the answer to a deploy: its warnings, percent-encoded, separated by `, `. */
  warning: 'Fusionizer-Warning',
  /** In the answer of `GET /-/traces`: for the next page, of older records. */
  cursor: 'Fusionizer-Cursor',
  /** In the answer to a request that the server refuses or fails to process: the code of the error. */
  error: 'Fusionizer-Error',
} as const;
