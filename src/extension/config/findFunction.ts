import type { Runtime } from '../../task/yaml/functionYaml.ts';

export interface FoundFunction {
  /** Both from 0. */
  readonly line: number;
  readonly column: number;
}

/** Ways to make `exports` that cannot be followed in the text. */
const DYNAMIC_EXPORTS = new RegExp(
  [
    String.raw`module\.exports\s*=(?!\s*\{)`,
    // A computed name.
    String.raw`module\.exports\s*=\s*(?=\{)[^}]*[{,]\s*\[`,
    String.raw`\.\.\.`,
    String.raw`Object\.(assign|defineProperty)\s*\(\s*(module\.)?exports`,
    String.raw`export\s*\*`,
    '__exportStar',
    `exports\\[[^'"]`,
  ].join('|'),
);

/** Finds where a source file defines a function, by its text alone; undefined if that is not found. */
export function findFunction(source: string, name: string, family: Runtime['family']): FoundFunction | undefined {
  const escaped = name.replace(/\$/g, '\\$');
  const pattern =
    family === 'python'
      ? new RegExp(`^(?:async\\s+)?(?:def|class)\\s+${escaped}\\b|^${escaped}\\s*[=:]`)
      : new RegExp(
          `^\\s*(?:module\\.)?exports(?:\\.${escaped}|\\[['"]${escaped}['"]\\])\\s*=|` +
            `^\\s*export\\s+(?:async\\s+)?(?:const|let|var|function\\*?|class)\\s+${escaped}(?![\\w$])`,
        );
  const definition =
    family === 'python'
      ? undefined
      : new RegExp(`^(?:async\\s+)?(?:function\\s+|const\\s+|let\\s+|var\\s+)${escaped}(?![\\w$])`);
  const lines = source.split('\n');
  const find = (one: RegExp): number => lines.findIndex((line) => one.test(line));
  let line = find(pattern);
  // module.exports = { handler } and export { handler } name a function that is defined elsewhere in the file.
  if (line < 0 && definition !== undefined && exportsName(source, escaped)) line = find(definition);
  if (line < 0) return undefined;
  return { line, column: (lines[line] ?? '').search(/\S/) };
}

/** Whether a file may have a function whose definition is not found: it may be imported, or made at run time. */
export function mayHaveFunction(source: string, name: string, family: Runtime['family']): boolean {
  const escaped = name.replace(/\$/g, '\\$');
  if (family === 'python')
    return new RegExp(
      [
        `import\\b[^\\n]*(\\*|\\b${escaped}\\b)`,
        `^\\s+${escaped}\\b\\s*,?\\s*(#.*)?$`,
        'globals\\(|setattr|__getattr__',
        `^\\s+(async\\s+)?def\\s+${escaped}\\b`,
        `^\\s+${escaped}\\s*=`,
      ].join('|'),
      'm',
    ).test(source);
  return DYNAMIC_EXPORTS.test(source) || exportsName(source, escaped);
}

function exportsName(source: string, escaped: string): boolean {
  return new RegExp(`(module\\.exports\\s*=|export)\\s*\\{[^}]*(?<![\\w$])${escaped}(?![\\w$])`).test(source);
}
