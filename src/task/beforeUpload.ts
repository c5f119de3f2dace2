import path from 'node:path';
import { FusionizerError } from '../shared/errors.ts';
import { typeScriptFault } from './handler.ts';
import { type PackedConfig, readConfig } from './yaml/findConfig.ts';
import { type FunctionYaml, parseRuntime, placed } from './yaml/functionYaml.ts';

/**
 * Refuses a folder whose handler is in TypeScript before it is sent.
 * @throws FusionizerError `task` with file and line
 */
export async function refuseTypeScript(folder: string, { file, bytes }: PackedConfig): Promise<void> {
  let yaml: FunctionYaml | undefined;
  try {
    yaml = readConfig(file, bytes);
  } catch (error) {
    // The server refuses it, with the reason.
    if (error instanceof FusionizerError) return;
    throw error;
  }
  if (yaml?.config.spec?.runtime !== 'nodejs') return;
  const { spec, metadata } = yaml.config;
  const name = metadata?.name || path.basename(path.resolve(folder));
  const fault = await typeScriptFault(folder, name, spec.handler, yaml.config, parseRuntime('nodejs', file.name));
  if (fault === undefined) return;
  const line = yaml.lineOf('spec', 'handler');
  throw new FusionizerError('task', `${placed(file.name, line)}: ${fault}`, { file: file.name, line });
}
