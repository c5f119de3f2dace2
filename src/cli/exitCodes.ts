/** Exit codes of commands, documented in --help and docs/cli.md. */
export const ExitCode = {
  ok: 0,
  /** What was asked for failed: a deploy was refused, a Task does not exist, the content of a file is not valid. */
  failed: 1,
  /** An argument cannot be used as it is: without a server, and whatever other files hold. */
  usage: 2,
  /** No server is reachable, or it went away. */
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
  2    the command line is wrong: an unknown option, a name that no Task can have,
       a file or folder that is not there, a server of another folder, ...
  3    no server is reachable, or it went away
  4    invoke: the handler answered with a status of 400 or above
  130  cancelled with Ctrl+C`;
