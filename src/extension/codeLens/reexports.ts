import type { Runtime } from '../../task/yaml/functionYaml.ts';

/** A function that a file has from another one. */
export interface Reexport {
  /** As it is written: `.views`, `app.views`, `./views`. */
  readonly module: string;
  /** Its name there. */
  readonly name: string;
}

/** From where a file may have a function that it does not define, found by the text alone; the most certain first. */
export function reexportsOf(source: string, name: string, family: Runtime['family']): Reexport[] {
  return family === 'python' ? pythonImports(source, name) : requires(source, name);
}

const PYTHON = /^from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n(]+)/gm;

function pythonImports(source: string, name: string): Reexport[] {
  return [...source.matchAll(PYTHON)].flatMap(([, module = '', names = '']) =>
    names
      .replace(/#.*$/gm, '')
      .split(/[(),]/)
      .map((one) => one.trim().split(/\s+as\s+|\s+/))
      .filter(([own = '', as = own]) => as === name || own === '*')
      .map(([own = '']) => ({ module, name: own === '*' ? name : own })),
  );
}

const QUOTED = String.raw`['"](\.[^'"]*)['"]`;
const REQUIRE = String.raw`require\(\s*${QUOTED}\s*\)`;

function requires(source: string, name: string): Reexport[] {
  const escaped = name.replace(/\$/g, String.raw`\$`);
  const all = (pattern: string): RegExpMatchArray[] => [...source.matchAll(new RegExp(pattern, 'gm'))];
  const assigned = all(String.raw`exports\.${escaped}\s*=\s*${REQUIRE}(?:\.([\w$]+))?`);
  const whole = all(String.raw`module\.exports\s*=\s*${REQUIRE}|export\s*\*\s*from\s*${QUOTED}`);
  const listed = all(String.raw`(?:const|let|var|import|export)\s*\{([^}]*)\}\s*(?:=\s*${REQUIRE}|from\s*${QUOTED})`);
  return [
    ...assigned.map(([, module = '', own]) => ({ module, name: own ?? name })),
    ...listed.flatMap(([, names = '', required, imported]) =>
      names
        .split(',')
        .map((one) => one.trim().split(/\s*:\s*|\s+as\s+/))
        .filter(([own = '', as = own]) => as === name)
        .map(([own = '']) => ({ module: required ?? imported ?? '', name: own })),
    ),
    ...whole.map(([, required, star]) => ({ module: required ?? star ?? '', name })),
  ];
}
