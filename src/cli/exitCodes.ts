/** Exit codes of commands, documented in --help and docs/cli.md. */
export const ExitCode = {
  ok: 0,
  /** The request failed: a deploy was refused, a Task does not exist, a file is not valid. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** No server is reachable. */
  unreachable: 3,
  /** The invoked handler answered with a status of 400 or above. */
  handler: 4,
  /** Ended by Ctrl+C. */
  cancelled: 130,
} as const;

export const EXIT_CODE_HELP = `
Exit codes:
  0    success
  1    the request failed: a deploy was refused, there is no such Task, ...
  2    the command line is wrong
  3    no server is reachable
  4    invoke: the handler answered with a status of 400 or above
  130  cancelled with Ctrl+C`;
