// Writes src/extension/contributes.ts: what package.json contributes to VS Code, as types. The compiler then finds what
// the manifest does not declare, and what it declares but nothing implements.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const LINE_WIDTH = 120;

/** Where the types are, relative to the package. */
export const CONTRIBUTES_FILE = 'src/extension/contributes.ts';

/** Writes the file where it differs, so that nothing that watches it runs in vain. */
export function writeContributes() {
  const file = path.join(root, CONTRIBUTES_FILE);
  const text = contributesOf(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(file, text);
}

/** The text of the file for a manifest, formatted as biome does. */
export function contributesOf({ contributes }) {
  const parts = [
    '// Generated from package.json by scripts/contributes.mjs, which the build runs. Do not edit.',
    union(
      'Commands of the extension.',
      'CommandId',
      contributes.commands.map(({ command }) => command),
    ),
    union('Keys that when clauses read.', 'ContextKey', contextKeys(contributes)),
    union(
      'Views of the extension.',
      'ViewId',
      Object.values(contributes.views)
        .flat()
        .map(({ id }) => id),
    ),
    union(
      'Tools for language models.',
      'ToolName',
      contributes.languageModelTools.map(({ name }) => name),
    ),
    settings(contributes.configuration.properties),
  ];
  return parts.join('\n\n');
}

/** All `fusionizer.x` of two parts that are no view's id. */
function contextKeys({ views, ...others }) {
  const clauses = JSON.stringify(others, (key, value) =>
    typeof value === 'string' && !['when', 'enablement'].includes(key) && !value.startsWith('onContext:') ? '' : value,
  );
  const ids = Object.values(views)
    .flat()
    .map(({ id }) => id);
  const found = clauses.match(/(?<![\w\\.])fusionizer\.\w+(?![\w.])/g) ?? [];
  return [...new Set(found)].filter((key) => !ids.includes(key));
}

function union(says, name, members) {
  const quoted = [...members].sort().map((member) => `'${member}'`);
  const line = `export type ${name} = ${quoted.join(' | ')};`;
  const text = line.length <= LINE_WIDTH ? line : `export type ${name} =\n  | ${quoted.join('\n  | ')};`;
  return `/** ${says} */\n${text}`;
}

function settings(properties) {
  const lines = Object.entries(properties).map(
    ([name, schema]) => `  readonly '${name.replace('fusionizer.', '')}': ${typeOf(schema)};`,
  );
  const says = 'The settings by their names below fusionizer, with the types of their values.';
  return `/** ${says} */\nexport interface Settings {\n${lines.join('\n')}\n}\n`;
}

/** Only as much of JSON Schema as the settings use: an unknown form fails the build. */
function typeOf({ type, enum: values, items }) {
  if (values !== undefined) return values.map((value) => `'${value}'`).join(' | ');
  if (type === 'integer') return 'number';
  if (type === 'array') return `readonly ${typeOf(items)}[]`;
  if (['boolean', 'number', 'string'].includes(type)) return type;
  throw new Error(`package.json has a setting of type ${type}, which scripts/contributes.mjs does not know`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeContributes();
