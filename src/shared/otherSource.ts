/**
 * Whether a deploy is of another folder than the Task that serves, so that what it fails for is no fault of that Task.
 * Only texts are compared: whether two paths lead to one folder is known on the server's machine alone, and a wrong
 * answer only moves an error to another row.
 * @param source what is deployed, as its client names it; null if it names nothing, as the original's clients
 * @param deployed what the Task that serves was deployed from; null or undefined if that is not known, or none serves
 */
export function isOtherSource(source: string | null, deployed: string | null | undefined): source is string {
  // Without both, nobody can tell.
  if (source === null || deployed === null || deployed === undefined) return false;
  return source !== deployed;
}
