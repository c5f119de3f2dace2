/** How long running events may take to end when a server closes, in milliseconds, unless an option says otherwise. */
export const DEFAULT_GRACE = 10_000;
