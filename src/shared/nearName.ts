/** The number of letters to change, add, leave out or swap with their neighbour. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const steps = [
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        steps.push((before[column - 2] ?? Number.POSITIVE_INFINITY) + 1);
      current.push(Math.min(...steps));
    }
    before = above;
    above = current;
  }
  return above[other.length] ?? 0;
}

/** The name that was probably meant; undefined if none is near. */
export function nearName(written: string, names: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  // One letter in four may be wrong, so that short words are not near to all others.
  const limit = Math.max(1, Math.floor(lower.length / 4));
  const [best] = names
    .filter((name) => Math.abs(name.length - lower.length) <= limit)
    .map((name) => ({ name, steps: distance(lower, name.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps);
  // Else a name that was cut off (meta), or that has an ending too many (environment).
  return (
    best?.name ??
    names.find(
      (name) => lower.length > 2 && (name.toLowerCase().startsWith(lower) || lower.startsWith(name.toLowerCase())),
    )
  );
}
