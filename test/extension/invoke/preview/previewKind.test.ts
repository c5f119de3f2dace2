import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { previewOf } from '../../../../src/extension/invoke/preview/previewKind.ts';

const latin = (text: string, length = 64): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(length)]);
const PNG = latin('\x89PNG\r\n\x1a\n');
const kindOf = (body: Buffer, type?: string): string | undefined => {
  const preview = previewOf({ headers: type === undefined ? {} : { 'content-type': type }, body });
  return preview?.kind === 'image' ? preview.ending : preview?.kind;
};

describe('the preview of an answer', () => {
  for (const [what, body, type, expected] of [
    ['a PNG', PNG, 'image/png', '.png'],
    ['a PNG that is called a JPEG', PNG, 'image/jpeg', '.png'],
    ['a PNG that is called HTML', PNG, 'text/html', '.png'],
    ['a PNG without a type', PNG, undefined, '.png'],
    ['a JPEG', latin('\xff\xd8\xff\xe0'), 'image/jpeg', '.jpg'],
    ['a GIF', latin('GIF89a'), 'image/gif', '.gif'],
    ['a WebP', latin('RIFF\x01\0\0\0WEBP'), 'application/octet-stream', '.webp'],
    ['a bitmap', latin('BM\x01\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'), 'image/bmp', '.bmp'],
    ['an icon', latin('\0\0\x01\0\x01\0\x10\x10'), 'image/x-icon', '.ico'],
    ['an AVIF', latin('\0\0\0\x20ftypavif'), 'image/avif', '.avif'],
    ['HTML that is called a PNG', Buffer.from('<html><script>1</script>'), 'image/png', undefined],
    ['text that is called a PNG', Buffer.from('no image'), 'image/png', undefined],
    ['text that begins as a bitmap', Buffer.from('BMW and others, and more of them'), 'text/plain', undefined],
    ['HTML', Buffer.from('<p>one'), 'text/html; charset=utf-8', 'page'],
    ['HTML as JSON', Buffer.from('<html>'), 'application/json', undefined],
    ['HTML without a type', Buffer.from(' \n<!doctype html><p>'), undefined, 'page'],
    ['HTML as plain text', Buffer.from('<html lang="en"><p>'), 'text/plain', 'page'],
    ['text with a tag in it', Buffer.from('see <html> there'), 'text/plain', undefined],
    ['XHTML', Buffer.from('<?xml version="1.0"?><html xmlns="x">'), 'application/xhtml+xml', 'page'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'page'],
    ['SVG as XML', Buffer.from('<?xml version="1.0"?>\n<!-- a --><svg/>'), 'application/xml', 'page'],
    ['XML', Buffer.from('<?xml version="1.0"?><order/>'), 'application/xml', undefined],
    ['HTML that is not text', Buffer.from([0x3c, 0x70, 0x3e, 0xff, 0]), 'text/html', undefined],
    ['HTML in Latin-1', Buffer.from('<p>gr\xfcn', 'latin1'), 'text/html; charset=iso-8859-1', 'page'],
    ['nothing', Buffer.alloc(0), 'text/html', undefined],
    ['HTML of 3 MiB', Buffer.alloc(3 * 1024 * 1024, 'x'), 'text/html', undefined],
    ['a PNG of 31 MiB', latin('\x89PNG\r\n\x1a\n', 31 * 1024 * 1024), 'image/png', undefined],
  ] as [string, Buffer, string | undefined, string | undefined][])
    it(`of ${what} is ${expected ?? 'none'}`, () => assert.equal(kindOf(body, type), expected));
});
