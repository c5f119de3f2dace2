import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { checkConfig } from '../../src/extension/config/checkConfig.ts';
import type { KeySchema } from '../../src/task/yaml/unknownKeys.ts';
import { temporaryFolder } from './folder.ts';

export const schema: KeySchema = JSON.parse(await readFile('media/schemas/function.schema.json', 'utf8'));

/** Each problem as `line:from-to severity code: message [first fix]`. */
export async function check(
  context: TestContext,
  text: string,
  files: Record<string, string> = {},
  name = 'task',
): Promise<string[]> {
  const parent = await temporaryFolder(
    context,
    Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content])),
  );
  await mkdir(path.join(parent, name), { recursive: true });
  const problems = await checkConfig({ text, file: path.join(parent, name, 'function.yaml'), schema });
  return problems.map(({ line, from, to, severity, code, message, fixes: [fix] }) => {
    const how = fix === undefined ? '' : ` [${fix.kind} ${fix.kind === 'create' ? fix.file : fix.text.trim()}]`;
    return `${line}:${from}-${to} ${severity} ${code}: ${message}${how}`;
  });
}

export const PYTHON = { 'main.py': 'def handler(context, event):\n    pass\n' };
export const config = (spec: string): string =>
  `metadata:\n  name: task\nspec:\n  runtime: python\n  handler: main:handler\n${spec}`;
