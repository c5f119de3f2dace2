import path from 'node:path';

/** An entry of tasks.json, as package.json declares it. */
export interface DeployDefinition {
  readonly folder: string;
  readonly name?: string | undefined;
  readonly force?: boolean | undefined;
}

/** @throws Error for what a person wrote that is none */
export function parseDefinition(definition: { readonly [name: string]: unknown }): DeployDefinition {
  const { folder, name, force } = definition;
  if (typeof folder !== 'string' || folder === '')
    throw new Error('A task of type fusionizer needs "folder": the folder of the Task to deploy');
  return { folder, name: typeof name === 'string' && name !== '' ? name : undefined, force: force === true };
}

/** @param root of the workspace folder */
export function folderOf({ folder }: DeployDefinition, root: string): string {
  return path.resolve(root, folder);
}

/** What `$fusionizer`, the problem matcher, finds: its first line only, as a matcher reads one line. */
export function problemLine(message: string, file: string | undefined, line: number | undefined): string {
  // Where it is, the line begins with.
  const own = file === undefined ? '' : `${path.basename(file)}:${line}: `;
  const [first = '', ...rest] = (message.startsWith(own) ? message.slice(own.length) : message).split('\n');
  const head = file === undefined ? `error: ${first}` : `${file}:${line ?? 1}: error: ${first}`;
  return [head, ...rest].join('\n');
}
