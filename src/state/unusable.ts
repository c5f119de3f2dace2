import { FusionizerError } from '../shared/errors.ts';

/**
 * Adds to an error of the file system what to do.
 * @param other how to name another place
 * @param code `option` for a place that an option names
 */
export function unusable(
  place: string,
  other = 'folder with --state',
  code: 'internal' | 'option' = 'internal',
): (error: unknown) => never {
  return (error) => {
    if (error instanceof FusionizerError && code === 'option')
      throw new FusionizerError(code, error.message, { file: error.file, cause: error });
    if (error instanceof FusionizerError || !(error instanceof Error && 'syscall' in error)) throw error;
    throw new FusionizerError(
      code,
      `The server cannot use ${place}: ${error.message}; repair it, or choose another ${other}`,
      { cause: error },
    );
  };
}
