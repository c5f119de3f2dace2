// Writes src/extension/contributes.ts: the contributions of package.json to VS Code, as types. The compiler then finds
// names in the code that the manifest does not declare, and declared names that the code does not implement.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const LINE_WIDTH = 120;

/** The file with the types, relative to the package. */
export const CONTRIBUTES_FILE = 'src/extension/contributes.ts';

/** Writes the file only if it differs, so that programs that watch it do not run for nothing. */
export function writeContributes() {
  const file = path.join(root, CONTRIBUTES_FILE);
  const text = contributesOf(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(file, text);
}

/** The text of the file for a manifest, in biome's format. */
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

/** All names of two parts, `fusionizer.x`, that are not the id of a view or a submenu. */
function contextKeys({ views, submenus, ...others }) {
  const clauses = JSON.stringify(others, (key, value) =>
    typeof value === 'string' && !['when', 'enablement'].includes(key) && !value.startsWith('onContext:') ? '' : value,
  );
  const ids = [...Object.values(views).flat(), ...submenus].map(({ id }) => id);
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
  const comment = '/** The settings by their names below fusionizer, with the types of their values. */';
  return `${comment}\nexport interface Settings {\n${lines.join('\n')}\n}\n`;
}

/** Supports only the part of JSON Schema that the settings use. An unknown form fails the build. */
function typeOf({ type, enum: values, items }) {
  if (values !== undefined) return values.map((value) => `'${value}'`).join(' | ');
  if (type === 'integer') return 'number';
  if (type === 'array') return `readonly ${typeOf(items)}[]`;
  if (['boolean', 'number', 'string'].includes(type)) return type;
  throw new Error(`package.json has a setting of type ${type}, which scripts/contributes.mjs does not know`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeContributes();
