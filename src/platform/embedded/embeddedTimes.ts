/** The times that the embedded platform waits for, in milliseconds. Tests that wait for one set a shorter one. */
export interface EmbeddedTimes {
  /** A function whose workers have all run one and the same event for this long is called busy. */
  readonly busyAfter: number;
  /** Between two looks for busy functions and for events that nobody waits for any more. */
  readonly busyInterval: number;
  /** A function that was replaced gives this to events whose clients have gone away. */
  readonly abandonedGrace: number;
  /** An extra worker that is idle for this long ends. */
  readonly extraIdle: number;
  /** A worker that is not needed any more may take this to end by itself. */
  readonly stopGrace: number;
  /** An idle worker may take this to end by itself when the server closes. */
  readonly closeGrace: number;
  /** A worker that has said that it ends may take this for it. */
  readonly lastWords: number;
  /** The output of an ended process is read for this long: what escaped its process group may keep the pipes open. */
  readonly pipeGrace: number;
  /** The restart after the second crash in a row waits this long; the first one is immediate. It doubles each time. */
  readonly firstBackOff: number;
  /** No restart waits longer than this. */
  readonly longestBackOff: number;
  /** A worker that stays up for this long after a crash has proven that it works. */
  readonly stayedUp: number;
  /** Each worker may print and log 1 MiB within this time. More is dropped. */
  readonly printWindow: number;
  /** Between two looks at the workers' memory. Undefined: as often as this system's reader can do it cheaply. */
  readonly memoryInterval: number | undefined;
  /** An environment of build commands that nothing uses is removed after this. */
  readonly environmentKept: number;
  /** Between two looks for such environments. */
  readonly environmentInterval: number;
}

export const EMBEDDED_TIMES: EmbeddedTimes = {
  busyAfter: 5000,
  busyInterval: 1000,
  abandonedGrace: 10_000,
  extraIdle: 30_000,
  stopGrace: 5000,
  closeGrace: 1000,
  lastWords: 1000,
  pipeGrace: 1000,
  firstBackOff: 50,
  longestBackOff: 5000,
  stayedUp: 10_000,
  printWindow: 1000,
  memoryInterval: undefined,
  environmentKept: 7 * 24 * 3600_000,
  environmentInterval: 3600_000,
};
