/** How many names are found. Nobody reads more, and a request may have thousands. */
const MOST = 20;

/** The names that come twice in a setup, at their second place, each once. */
export function namedTwice(groups: readonly (readonly string[])[]): { name: string; path: [number, number] }[] {
  const seen = new Set<string>();
  const found = new Map<string, [number, number]>();
  for (const [group, names] of groups.entries()) {
    for (const [place, name] of names.entries()) {
      if (seen.has(name) && !found.has(name)) found.set(name, [group, place]);
      seen.add(name);
      if (found.size === MOST) return [...found].map(([one, path]) => ({ name: one, path }));
    }
  }
  return [...found].map(([name, path]) => ({ name, path }));
}
