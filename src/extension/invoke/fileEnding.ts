import type { IncomingHttpHeaders } from 'node:http';
import { previewOf } from './preview/previewKind.ts';

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

/** The ending of a file with an answer's body: what its bytes are, as its preview has it, comes before its type. */
export function answerEnding(answer: { headers: IncomingHttpHeaders; body: Buffer }): string {
  const preview = previewOf(answer);
  if (preview === undefined) return fileEnding(answer.headers['content-type']);
  if (preview.kind === 'image') return preview.ending;
  return /^[^<]*(?:<[?!][^>]*>\s*)*<svg[\s>]/i.test(preview.text.slice(0, 4096)) ? '.svg' : '.html';
}

/** The usual ending of files of a content type. */
export function fileEnding(type: string | undefined): string {
  const lower = (type ?? '').trim().toLowerCase();
  for (const [pattern, ending] of ENDINGS) {
    const found = pattern.exec(lower);
    if (found) return ending.replace('$1', found[1] ?? '');
  }
  return '.bin';
}
