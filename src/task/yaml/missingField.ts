import { FusionizerError } from '../../shared/errors.ts';
import { nuclioKeys } from './configWarnings.ts';
import { type FunctionYaml, placed } from './functionYaml.ts';
import { type UnknownKey, unknownKeys } from './unknownKeys.ts';

/**
 * Reads something of a configuration. If a field is missing, and an unknown key was probably meant for it, the error
 * names that key, at its line.
 * @throws what `read` throws
 */
export async function namingMeantKey<T>(yaml: FunctionYaml | undefined, read: () => T): Promise<Awaited<T>> {
  try {
    return await read();
  } catch (error) {
    throw yaml === undefined ? error : withMeantKey(error, yaml);
  }
}

function withMeantKey(error: unknown, yaml: FunctionYaml): unknown {
  if (!(error instanceof FusionizerError)) return error;
  const missing = missingField(error.message);
  if (missing === undefined) return error;
  const found = keyMeantFor(missing.field, unknownKeys(yaml.document.contents, nuclioKeys()));
  if (found?.span === undefined) return error;
  const line = yaml.lineAt(found.span[0]);
  const message = `${placed(yaml.file, line)}: ${missing.path} is missing. ${found.message}`;
  return new FusionizerError('task', message, { file: yaml.file, line, cause: error });
}

/** The field that a message says is missing: its path and its own name. Undefined if it says something else. */
export function missingField(message: string): { path: string; field: string } | undefined {
  const [, path, field] = /(?:^|: )([\w.-]+\.(\w+)) is missing: /.exec(message) ?? [];
  return path === undefined || field === undefined ? undefined : { path, field };
}

/** The unknown key that was probably meant for a field that is missing. */
export const keyMeantFor = (field: string, unknown: readonly UnknownKey[]): UnknownKey | undefined =>
  unknown.find(
    // A whole configuration below a wrong key lacks its runtime.
    ({ meant = '', key }) =>
      meant === field || key === field || (field === 'runtime' && (meant === 'spec' || key === 'function.yaml')),
  );
