import { textMask } from '../../../secrets/mask.ts';
import { FusionizerError } from '../../../shared/errors.ts';

/**
 * Nuclio's marker: the commands behind it run after the Task's files are copied. Here the commands never see the files,
 * so only their order counts.
 */
const POST_COPY = '@nuclio.postCopy';

/**
 * System package managers, and sudo. Build commands are written for an image and would change the user's own machine.
 */
const SYSTEM = /(?:^|[;&|(]\s*)(sudo|apt|apt-get|apk|yum|dnf|microdnf|zypper|pacman|dpkg|rpm|brew|snap)(?=\s|$)/;

/** A refused command may contain an address with a password. */
const mask = textMask([]);

/** The commands to run, in order. As in Nuclio, markers are left out and a line that ends with `\` continues. */
export function normaliseCommands(commands: readonly string[]): string[] {
  const joined: string[] = [];
  let open = '';
  for (const command of commands) {
    const trimmed = command.trim();
    if (trimmed === POST_COPY) continue;
    if (trimmed.endsWith('\\')) {
      open += `${trimmed.slice(0, -1).trimEnd()} `;
      continue;
    }
    if (open + trimmed !== '') joined.push(open + trimmed);
    open = '';
  }
  if (open !== '') joined.push(open.trim());
  return joined;
}

/** @throws FusionizerError `task` for a command that would change the user's system */
export function refuseSystemCommands(commands: readonly string[]): void {
  for (const command of commands) {
    const [, program] = SYSTEM.exec(command) ?? [];
    if (program === undefined) continue;
    throw new FusionizerError(
      'task',
      `The build command '${mask(command)}' uses ${program}, which would change this machine: the ` +
        'embedded platform does not run it. A real Nuclio runs it in an image; --allow-system-commands lifts this',
      { file: 'function.yaml', keys: ['spec', 'build', 'commands', command] },
    );
  }
}

const PIP_INSTALL = /^(?:python[0-9.]*\s+-m\s+)?pip[0-9.]*\s+install\s+(.+)$/;
const HARMLESS_OPTIONS = new Set([
  '-q',
  '--quiet',
  '--no-cache-dir',
  '--disable-pip-version-check',
  '--no-input',
  '--user',
]);

/**
 * The requirements of commands that only `pip install` named packages, or undefined if any command does more. Only such
 * commands can be skipped when the interpreter satisfies them already.
 */
export function plainRequirements(commands: readonly string[]): string[] | undefined {
  const requirements: string[] = [];
  for (const command of commands) {
    const [, rest] = PIP_INSTALL.exec(command) ?? [];
    if (rest === undefined || /[$`;&|<>(){}*\\]/.test(rest.replaceAll(/[<>]=?[0-9]/g, ''))) return undefined;
    for (const word of rest.split(/\s+/)) {
      const plain = word.replace(/^(['"])(.*)\1$/, '$2');
      if (HARMLESS_OPTIONS.has(plain)) continue;
      if (!/^[A-Za-z0-9][\w.-]*((==|>=|<=|~=|!=|<|>)[\w.,<>=!~*]+)?$/.test(plain)) return undefined;
      requirements.push(plain);
    }
  }
  return requirements;
}
