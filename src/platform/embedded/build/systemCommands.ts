import { textMask } from '../../../secrets/mask.ts';
import { FusionizerError } from '../../../shared/errors.ts';
import { formatSize } from '../../../shared/format.ts';

/**
 * Programs that change the machine for all its users, or act for another one. Build commands are written for an image,
 * where that is right; here they would change the user's own machine.
 */
export const SYSTEM_PROGRAMS: readonly string[] = (
  'sudo doas su pkexec runuser apt apt-get aptitude apt-key add-apt-repository apk yum dnf dnf5 microdnf tdnf zypper ' +
  'pacman yay paru dpkg dpkg-reconfigure rpm emerge brew port snap flatpak nix-env opkg xbps-install pkg conda mamba ' +
  'micromamba choco winget scoop'
).split(' ');

/**
 * How many words before a program are followed, and how many options of such a word. A text may have very many, and a
 * place in it from which they could be followed at each: no bound would be a time that grows with its square.
 */
const SOME = '{0,8}';
/** Words that may stand before a program's name: keywords of the shell, and programs that run another one. */
const BEFORE =
  `(?:then|do|else|elif|if|while|until|time|command|eval|(?:env|nice|xargs|exec)(?:\\s-\\S+)${SOME}|` +
  'nohup|builtin|busybox|!|\\{|(?:ba|z|da|k)?sh\\s-\\w*c|timeout\\s\\S+|' +
  '[A-Za-z_]\\w*=(?:"[^"]{0,199}"|\'[^\']{0,199}\'|[^\\s;&|"\'`]{0,199}))';
/** Where the shell begins a command: a line, an operator, a substitution, and the text of `sh -c`. */
const START = `(?:^|[\\n;&|(\`]|\\bsh\\s-\\w*c\\s["'])`;
const PROGRAMS = SYSTEM_PROGRAMS.map((name) => name.replaceAll('+', '\\+')).join('|');
const END = '(?![\\w./=-])';
/** A program in the place of a command, by its name or by any path to it. */
const RUN = new RegExp(`${START}\\s?(?:${BEFORE}\\s["']?)${SOME}((?:[\\w.~/-]*/)?(?:${PROGRAMS}))${END}`);
/** A path to a program's file, wherever it stands: PATH, and with it the guard, is not asked. */
const BY_PATH = new RegExp(`(?:^|[\\s"'\`=(,])(/[\\w.@+/-]*\\bbin/(?:${PROGRAMS}))${END}`);
/** A pip by its path belongs to another Python. */
const OTHER_PIP = new RegExp(
  `${START}\\s?(?:${BEFORE}\\s["']?)${SOME}((?:/|~/|\\$HOME/)[\\w.@+/-]*/(?:pip[0-9.]*|easy_install[0-9.-]*))\\s`,
);

/** The longest build command, in characters: Linux takes 128 KiB (MAX_ARG_STRLEN, execve(2)), with our paths in it. */
const LONGEST = 64 * 1024;
/** How much of a longer one a message shows, in characters. */
const MAX_SHOWN = 60;

/**
 * Refuses commands that are too long to be run.
 * @throws FusionizerError `task`
 */
export function refuseLongCommands(commands: readonly string[]): void {
  const long = commands.find((command) => command.length > LONGEST);
  if (long === undefined) return;
  const start = long.slice(0, MAX_SHOWN);
  throw new FusionizerError(
    'task',
    `The build command '${mask(start)}...' has ${formatSize(long.length)}, and a command can have ` +
      `${formatSize(LONGEST)}: put it into a script among the Task's files`,
    { file: 'function.yaml', keys: ['spec', 'build', 'commands', start] },
  );
}

/** With single spaces and line ends, for which the expressions above are made. */
const singleSpaces = (command: string): string =>
  command.replace(/\s+/g, (spaces) => (spaces.includes('\n') ? '\n' : ' '));

/** A refused command may contain an address with a password. */
const mask = textMask([]);

/**
 * Refuses commands that certainly use a system package manager. Others meet the guard (`guard.ts`), which holds for
 * what a script or another program starts.
 * @throws FusionizerError `task` for a command that would change the user's system
 */
export function refuseSystemCommands(commands: readonly string[]): void {
  for (const command of commands) {
    const text = singleSpaces(command);
    const [, program] = RUN.exec(text) ?? BY_PATH.exec(text) ?? [];
    if (program === undefined) continue;
    refuse(
      command,
      program,
      `uses ${program}, which would change this machine: the embedded platform does not run it. A real Nuclio runs ` +
        'it in an image; --allow-system-commands lifts this',
    );
  }
}

/**
 * Refuses a pip that is named by its path, because it installs for another Python than the Task's.
 * @throws FusionizerError `task`
 */
export function refuseOtherPips(commands: readonly string[]): void {
  for (const command of commands) {
    const [, program] = OTHER_PIP.exec(singleSpaces(command)) ?? [];
    if (program === undefined) continue;
    refuse(command, program, `uses ${program}, which installs for that Python and not for the Task: write pip instead`);
  }
}

function refuse(command: string, program: string, why: string): never {
  throw new FusionizerError('task', `The build command '${mask(command)}' ${why}`, {
    file: 'function.yaml',
    keys: ['spec', 'build', 'commands', command, program],
  });
}
