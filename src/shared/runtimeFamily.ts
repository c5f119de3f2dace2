/** The language of a runtime, such as `python` of `python:3.11`. All Tasks of a function share it. */
export const familyOf = (runtime: string): string => runtime.split(':')[0] ?? '';

/**
 * Why no function can run these Tasks together: they have several languages. Versions of one language go together as
 * far as this can tell.
 * @returns undefined where nothing is known to be in the way
 */
export function mixedRuntimes(
  tasks: readonly string[],
  runtimeOf: (task: string) => string | undefined,
): string | undefined {
  const languages = new Set(tasks.flatMap((task) => runtimeOf(task) ?? []).map(familyOf));
  if (languages.size < 2) return undefined;
  return `One function has one runtime, and these Tasks have ${[...languages].join(' and ')}: split the group`;
}
