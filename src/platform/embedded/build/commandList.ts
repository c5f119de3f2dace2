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
    if (rest === undefined || /[$`;&|<>(){}*\\\n]/.test(rest.replaceAll(/[<>]=?[0-9]/g, ''))) return undefined;
    for (const word of rest.split(/\s+/)) {
      const plain = word.replace(/^(['"])(.*)\1$/, '$2');
      if (HARMLESS_OPTIONS.has(plain)) continue;
      if (!/^[A-Za-z0-9][\w.-]*((==|>=|<=|~=|!=|<|>)[\w.,<>=!~*]+)?$/.test(plain)) return undefined;
      requirements.push(plain);
    }
  }
  return requirements;
}
