import path from 'node:path';

/**
 * What a person types before a command of this program, for commands that are shown to be pasted: `npx fusionizer`
 * where npm started it or it runs out of a clone's dist/, `fusionizer` where it is installed.
 */
export function invokedAs(script: string, env: NodeJS.ProcessEnv): string {
  if (env['npm_command'] || env['npm_execpath']) return 'npx fusionizer';
  const folders = path.resolve(script).split(path.sep);
  const installed = folders.includes('node_modules') || path.parse(script).name === 'fusionizer';
  return installed ? 'fusionizer' : 'npx fusionizer';
}

export const PROGRAM = invokedAs(process.argv[1] ?? '', process.env);
