/** Nuclio's marker: the commands behind it run after the Task's files are copied. */
export const POST_COPY = '@nuclio.postCopy';

/** The build commands of one Task, or of a group, in the order in which they run. */
export interface BuildCommands {
  /** Before the Task's files are copied. */
  readonly before: readonly string[];
  /** Behind `@nuclio.postCopy`. */
  readonly after: readonly string[];
}

/** Reads a list of build commands. As in Nuclio, a line that ends with `\` continues, and the marker is no command. */
export function readBuildCommands(list: readonly string[]): BuildCommands {
  const before: string[] = [];
  const after: string[] = [];
  let into = before;
  let open = '';
  for (const command of list) {
    const trimmed = command.trim();
    if (trimmed === POST_COPY) {
      into = after;
      continue;
    }
    if (trimmed.endsWith('\\')) {
      open += `${trimmed.slice(0, -1).trimEnd()} `;
      continue;
    }
    if (open + trimmed !== '') into.push(open + trimmed);
    open = '';
  }
  if (open.trim() !== '') into.push(open.trim());
  return { before, after };
}

/** One list for a group: in order, without repeats. What needs no files stays before the marker. */
export function mergeBuildCommands(lists: readonly (readonly string[])[]): string[] {
  const parts = lists.map(readBuildCommands);
  const before = [...new Set(parts.flatMap((part) => part.before))];
  const after = [...new Set(parts.flatMap((part) => part.after))];
  return after.length === 0 ? before : [...before, POST_COPY, ...after];
}
