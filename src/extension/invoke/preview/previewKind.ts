import type { IncomingHttpHeaders } from 'node:http';
import { decodeText } from '../decodeText.ts';

/** What a preview shows: an image in the editor's image viewer, or a page in a sandbox. */
export type Preview =
  | { readonly kind: 'image' /** With its dot. */; readonly ending: string }
  | { readonly kind: 'page'; readonly text: string };

/** Bytes of a page that is shown: a larger one blocks the window. */
const PAGE = 2 * 1024 * 1024;
/** Bytes in which a page without a content type shows that it is one. */
const START = 4096;
/** Bytes of an image that the image viewer shows without a question. */
const IMAGE = 30 * 1024 * 1024;

/** The first bytes of the image formats that the image viewer shows, in Latin-1. */
const IMAGES: readonly (readonly [start: RegExp, ending: string])[] = [
  [/^\x89PNG\r\n\x1a\n/, '.png'],
  [/^\xff\xd8\xff/, '.jpg'],
  [/^GIF8[79]a/, '.gif'],
  [/^RIFF[\s\S]{4}WEBP/, '.webp'],
  [/^BM[\s\S]{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/, '.bmp'],
  [/^\0\0\x01\0[\x01-\xff]\0/, '.ico'],
  [/^[\s\S]{4}ftypavi[fs]/, '.avif'],
];
const PAGE_TYPE = /^(text\/html|application\/xhtml\+xml|image\/svg\+xml)\b/;
/** Types of handlers that set none. */
const NO_TYPE = /^(text\/plain|text\/xml|application\/xml|application\/octet-stream)?(;|$)/;
const PAGE_START = /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]{0,2000}?-->\s*)*<(!doctype (html|svg)|html|svg)[\s/>]/i;

/**
 * The preview of a body; undefined if there is none, or it is too large. Bytes decide whether it is an image, whatever
 * its content type: a wrong type is frequent. SVG is a page, as it may hold scripts and addresses.
 */
export function previewOf({ headers, body }: { headers: IncomingHttpHeaders; body: Buffer }): Preview | undefined {
  if (body.length === 0) return undefined;
  const start = body.subarray(0, 64).toString('latin1');
  const image = IMAGES.find(([pattern]) => pattern.test(start));
  if (image) return body.length <= IMAGE ? { kind: 'image', ending: image[1] } : undefined;
  if (body.length > PAGE) return undefined;
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  if (!PAGE_TYPE.test(type) && !(NO_TYPE.test(type) && beginsAsPage(body, type))) return undefined;
  const text = decodeText(body, type);
  return text === undefined ? undefined : { kind: 'page', text };
}

const beginsAsPage = (body: Buffer, type: string): boolean =>
  PAGE_START.test(decodeText(body.subarray(0, START), type, true) ?? '');
