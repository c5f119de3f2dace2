/** Characters of a group's name in a side bar of the usual width, where the group's size stands behind it. */
const WIDTH = 28;
const LEFT_OUT = ' + … + ';

/** The names of a group's Tasks, shortened in the middle: the first and the last one identify a group best. */
export function groupName(names: readonly string[], width = WIDTH): string {
  const full = names.join(' + ');
  const [first = '', ...others] = names;
  const last = others.at(-1);
  if (full.length <= width || last === undefined) return shortened(full, width);
  const between = names.length > 2 ? LEFT_OUT : ' + ';
  const room = width - between.length;
  const half = Math.floor(room / 2);
  // A short name leaves its room to the other one.
  const ofFirst = Math.min(first.length, Math.max(half, room - last.length));
  return `${shortened(first, ofFirst)}${between}${shortened(last, room - ofFirst)}`;
}

/**
 * A text without its middle, if it is longer than this.
 * @param length characters
 */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const left = Math.ceil((length - 1) / 2);
  return `${text.slice(0, left)}…${text.slice(text.length - (length - 1 - left))}`;
}
