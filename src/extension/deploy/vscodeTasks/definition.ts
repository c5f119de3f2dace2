import path from 'node:path';

/** An entry of tasks.json, as package.json declares it. */
export interface DeployDefinition {
  readonly folder: string;
  readonly name?: string | undefined;
  readonly force?: boolean | undefined;
}

/** @throws Error for a definition without a folder */
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

/** An error as the problem matcher `$fusionizer` reads it. The matcher takes the first line only. */
export function problemLine(message: string, file: string | undefined, line: number | undefined): string {
  // The line begins with the place, so the message need not repeat it.
  const own = file === undefined ? '' : `${path.basename(file)}:${line}: `;
  const [first = '', ...rest] = (message.startsWith(own) ? message.slice(own.length) : message).split('\n');
  const head = file === undefined ? `error: ${first}` : `${file}:${line ?? 1}: error: ${first}`;
  return [head, ...rest].join('\n');
}
