import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../shared/packageRoot.ts';
import { type FunctionYaml, placed } from './functionYaml.ts';
import { type KeySchema, unknownKeys } from './unknownKeys.ts';

/** How many warnings about one configuration are shown. */
const MOST = 20;

let keys: KeySchema | undefined;

/** The keys of Nuclio's configuration. The file is read once. */
export function nuclioKeys(): KeySchema {
  keys ??= JSON.parse(
    readFileSync(path.join(packageRoot(), 'media', 'schemas', 'function.schema.json'), 'utf8'),
  ) as KeySchema;
  return keys;
}

/** What a deploy reports about a configuration that it takes, each with file and line. */
export function configWarnings(yaml: FunctionYaml): string[] {
  const unknown = unknownKeys(yaml.document.contents, nuclioKeys()).map(({ span: [place] = [0], message }) => ({
    line: yaml.lineAt(place),
    message,
  }));
  const all = [...yaml.warnings, ...unknown]
    .sort((one, other) => one.line - other.line)
    .map(({ line, message }) => `${placed(yaml.file, line)}: ${plain(message)}`);
  const shown = [...new Set(all)];
  return shown.length <= MOST
    ? shown
    : [...shown.slice(0, MOST), `${yaml.file}: there are ${shown.length - MOST} more warnings like these`];
}

/** A message that quotes a key, which may hold anything: without control characters and halves of characters. */
const plain = (message: string): string => Buffer.from(message.replace(/\p{Cc}/gu, ' ')).toString();
