/** What a command ends with; documented in --help and docs/cli.md. */
export const ExitCode = {
  ok: 0,
  /** The request failed: a deploy was refused, a Task is not there, a file is not valid. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** No server is reachable. */
  unreachable: 3,
  /** The invoked handler answered with a status from 400. */
  handler: 4,
  /** Ended by Ctrl+C. */
  cancelled: 130,
} as const;

export const EXIT_CODE_HELP = `
Exit codes:
  0    it worked
  1    the request failed: a deploy was refused, no such Task, ...
  2    the command line is wrong
  3    no server is reachable
  4    invoke: the handler answered with a status from 400
  130  cancelled with Ctrl+C`;
