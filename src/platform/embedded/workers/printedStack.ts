/** The last line of a stack opens braces if the error holds more, such as its cause. */
const FRAME = /^\s+at .*:\d+:\d+\)?( \{)?$/;
/** Stands in place of the frames that the error's cause has as well. */
const SAME = /^\s+\.\.\. \d+ lines matching cause stack trace \.\.\.( \{)?$/;
/**
 * Places of the Dispatcher and the worker, and of Node.js's timers, module loaders and queues: they are not the user's.
 * The Dispatcher leaves them out of answers and records (`dispatcher/nodejs/fusionizer_dispatcher/tracebacks.js`), but
 * `console.error(error)` prints them.
 */
const NOT_THE_USERS = new RegExp(
  [
    String.raw`nodejs[\\/]fusionizer_(?:dispatcher|worker)[\\/]`,
    String.raw`[( ]node:(?:internal\/(?:timers|process\/|async_hooks|modules\/|deps\/)|async_hooks:)`,
  ].join('|'),
);
/** Characters. A longer line is no frame. */
const LONGEST = 1000;

/**
 * A line that a Task printed, as its log shows it.
 * @returns undefined for a line that is left out
 */
export function usersLine(line: string): string | undefined {
  if (line.length > LONGEST) return line;
  const frame = SAME.exec(line) ?? (NOT_THE_USERS.test(line) ? FRAME.exec(line) : null);
  if (frame === null) return line;
  return frame[1] === undefined ? undefined : '    {';
}
