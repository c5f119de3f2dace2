const ENDINGS: [type: RegExp, ending: string][] = [
  [/^application\/json|\+json/, '.json'],
  [/^image\/(png|gif|webp|bmp)/, '.$1'],
  [/^image\/jpeg/, '.jpg'],
  [/^image\/svg/, '.svg'],
  [/^text\/html/, '.html'],
  [/^(text|application)\/xml|\+xml/, '.xml'],
  [/^text\/csv/, '.csv'],
  [/^application\/(pdf|zip|gzip)/, '.$1'],
  [/^text\//, '.txt'],
];

/** The usual ending of files of a content type. */
export function fileEnding(type: string | undefined): string {
  const lower = (type ?? '').trim().toLowerCase();
  for (const [pattern, ending] of ENDINGS) {
    const found = pattern.exec(lower);
    if (found) return ending.replace('$1', found[1] ?? '');
  }
  return '.bin';
}
