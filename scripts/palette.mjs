// Makes the pictures of the extension small: a PNG with a palette of 256 colours is half of what a browser writes,
// and text and icons look the same in it.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;

/**
 * @param png a browser's: 8 bits for each of red, green, blue and perhaps alpha, not interlaced
 * @returns the same picture with at most 256 colours, and without alpha
 */
export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const palette = paletteOf(pixels);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  // A line begins with the number of its filter: 0, none.
  const lines = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = pixels[at];
    if (!places.has(colour)) places.set(colour, nearest(palette, colour));
    lines[at + Math.floor(at / width) + 1] = places.get(colour);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, filters, not interlaced
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(parts))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A colour is one number, 0xRRGGBB. */
const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The square of it. */
function distance(one, other) {
  const others = parts(other);
  return parts(one).reduce((sum, part, index) => sum + (part - others[index]) ** 2, 0);
}

const nearest = (palette, colour) =>
  palette.reduce((best, one, place) => (distance(one, colour) < distance(palette[best], colour) ? place : best), 0);

/** The most frequent colours, as far apart as 256 of them have to be to cover all: rare ones of small icons stay. */
function paletteOf(pixels) {
  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const colours = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  for (let apart = 0; ; apart += 2) {
    const palette = [];
    for (const colour of colours) {
      if (palette.length > COLOURS) break;
      if (palette.every((one) => distance(one, colour) > apart ** 2)) palette.push(colour);
    }
    if (palette.length <= COLOURS) return palette;
  }
}

function decode(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('The picture is not a PNG');
  const data = [];
  let head;
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') head = content;
    if (type === 'IDAT') data.push(content);
    at += length + 12;
  }
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [bits, kind, , , interlace] = head.subarray(8);
  const size = { 2: 3, 6: 4 }[kind];
  if (bits !== 8 || size === undefined || interlace !== 0) throw new Error('The picture is not as a browser writes it');
  const bytes = unfilter(inflateSync(Buffer.concat(data)), width * size, height, size);
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = bytes.readUIntBE(at * size, 3);
  return { width, height, pixels };
}

/** Undoes the filters of https://www.w3.org/TR/png/#9Filters. @param size the bytes of a pixel */
function unfilter(lines, row, height, size) {
  const bytes = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const at = y * row + x;
      const left = x < size ? 0 : bytes[at - size];
      const up = y === 0 ? 0 : bytes[at - row];
      const corner = x < size || y === 0 ? 0 : bytes[at - row - size];
      bytes[at] = lines[y * (row + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
    }
  }
  return bytes;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [l, u, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return l <= u && l <= c ? left : u <= c ? up : corner;
}

function chunk(type, content) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(named));
  return Buffer.concat([length, named, check]);
}

/** https://www.w3.org/TR/png/#D-CRCAppendix; Node.js 20.12 does not have it in zlib yet. */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}
