import type { Runtime } from '../../task/yaml/functionYaml.ts';
import { blankedJavaScript, blankedPython } from './blankedSource.ts';
import { exportedMembers } from './exportedObject.ts';

/** A function of a source file that a handler can name. */
export interface SourceFunction {
  readonly name: string;
  /** Whether it looks as if it handled events: by its name or its parameters. */
  readonly likely: boolean;
}

/** Nuclio calls these once, when a worker starts. */
const NO_HANDLERS = new Set(['init_context', 'initContext']);
const CONTEXT = /^_?(?:context|ctx|c)$/i;
const EVENT = /^_?(?:event|evt|ev|e)$/i;

/**
 * The functions at the top of a Python file, or the exports of a JavaScript one, found by the text alone. Comments and
 * values that are no functions are left out.
 */
export function functionsIn(source: string, family: Runtime['family']): SourceFunction[] {
  const found = family === 'python' ? pythonFunctions(blankedPython(source)) : exportsOf(blankedJavaScript(source));
  const byName = new Map<string, SourceFunction>();
  for (const one of found) if (!NO_HANDLERS.has(one.name) && !byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}

/** Imports may bring a handler from another file, as in `from app.views import handler`. */
const PYTHON_IMPORT = /^from\s+\S+\s+import\s+(\([^)]*\)|[^\n(]+)/gm;

function pythonFunctions(source: string): SourceFunction[] {
  const defined = [...source.matchAll(/^(?:async\s+)?def\s+([\p{L}_][\p{L}\p{N}_]*)\s*\(([^)]*)/gmu)].map(
    ([, name = '', parameters = '']): SourceFunction => {
      const [first = '', second = ''] = namesOf(parameters);
      return { name, likely: name === 'handler' || (CONTEXT.test(first) && EVENT.test(second)) };
    },
  );
  const assigned = [...source.matchAll(/^(handler)\s*(?::[^=\n]+)?=(?!=)/gm)].map(([, name = '']) => name);
  const imported = [...source.matchAll(PYTHON_IMPORT)].flatMap(([, names = '']) =>
    names
      .replace(/#.*$/gm, '')
      .split(/[(),]/)
      .map((one) => one.trim().split(/\s+/).at(-1) ?? '')
      .filter((name) => name === 'handler'),
  );
  return [...defined, ...[...assigned, ...imported].map((name) => ({ name, likely: true }))];
}

/** The names of parameters, without types and defaults. */
const namesOf = (parameters: string): string[] =>
  parameters.split(',').map((one) => /^\s*\**([\w$]*)/.exec(one)?.[1] ?? '');

const ASSIGNED = /^[ \t]*(?:module\.)?exports(?:\.([\w$]+)|\[['"]([\w$]+)['"]\])[ \t]*=(?!=)[ \t]*([^\n]*)/gm;
const DECLARED = /^[ \t]*export[ \t]+(?:async[ \t]+)?(?:const|let|var|function\*?)[ \t]+([\w$]+)([^\n]*)/gm;
/** Nuclio finds a default export by the name `default`, and the members of one that is an object. */
const DEFAULT = /^[ \t]*export[ \t]+default\b[ \t]*([^\n]*)/gm;
/** What a value that is no function begins with. */
const LITERAL = /^(?:['"`\d[{/]|(?:true|false|null|undefined|new|class)\b)/;

function exportsOf(source: string): SourceFunction[] {
  const assigned = [...source.matchAll(ASSIGNED)].map(([, name, quoted, value = '']) => ({
    name: name ?? quoted ?? '',
    value,
  }));
  const declared = [...source.matchAll(DECLARED)].map(([, name = '', rest = '']) => ({
    name,
    value: rest.replace(/^\s*=\s*/, ''),
  }));
  const byDefault = [...source.matchAll(DEFAULT)].map(([, value = '']) => ({ name: 'default', value }));
  return [...assigned, ...declared, ...exportedMembers(source), ...byDefault]
    .filter(({ value }) => !LITERAL.test(value))
    .map(({ name, value }) => ({ name, likely: name === 'handler' || mayTakeContext(value) }));
}

/** Whether a function's first parameter may be the context. Names and calls may stand for any function. */
function mayTakeContext(value: string): boolean {
  const parameters = /^(?:async\s*)?(?:function\b[^(]*)?\(([^)]*)/.exec(value)?.[1];
  if (parameters === undefined) return true;
  const [first = ''] = namesOf(parameters);
  return first === '' || CONTEXT.test(first);
}
