import type { Box } from './mapLayout.ts';

/** The line of an edge, as an SVG path, and where its label stands. */
export interface EdgePath {
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number };
}

/** Pixels between two edges of the same Tasks. */
const APART = 13;
/** How far a curve leaves its Task straight, in pixels. */
const STRAIGHT = 34;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A curve from one Task to another.
 * @param nth of the edges between these two, from 0: they run next to each other
 */
export function edgePath(from: Box, to: Box, nth: number): EdgePath {
  if (from === to) return loop(from, nth);
  const shift = nth * APART;
  const [begin, end] = [centre(from), centre(to)];
  const across = gap(from.x, from.width, to.x, to.width);
  if (Math.abs(across) > 0) {
    const sign = Math.sign(across);
    const one = { x: sign > 0 ? from.x + from.width : from.x, y: side(begin.y, from.height, shift) };
    const other = { x: sign > 0 ? to.x : to.x + to.width, y: side(end.y, to.height, shift) };
    const bend = Math.max(STRAIGHT, Math.abs(other.x - one.x) / 2) * sign;
    return curve(one, { x: one.x + bend, y: one.y }, { x: other.x - bend, y: other.y }, other);
  }
  // One above the other: out and in at the right, so that the line goes around what is between.
  const one = { x: from.x + from.width, y: side(begin.y, from.height, shift) };
  const other = { x: to.x + to.width, y: side(end.y, to.height, shift) };
  const bend = Math.max(one.x, other.x) + STRAIGHT + shift;
  return curve(one, { x: bend, y: one.y }, { x: bend, y: other.y }, other);
}

const centre = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

/** Within the side of a Task, off its middle. */
const side = (middle: number, height: number, shift: number): number => middle + (shift % Math.max(1, height / 2 - 4));

/** The room between two boxes, below 0 if the other one is to the left; 0 if one is above the other. */
function gap(x: number, width: number, otherX: number, otherWidth: number): number {
  if (otherX >= x + width) return otherX - x - width + 1;
  return otherX + otherWidth <= x ? otherX + otherWidth - x - 1 : 0;
}

function curve(a: Point, b: Point, c: Point, d: Point): EdgePath {
  const at = (one: number, two: number, three: number, four: number): number => (one + 3 * two + 3 * three + four) / 8;
  return {
    path: `M${xy(a)} C${xy(b)} ${xy(c)} ${xy(d)}`,
    label: { x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) },
  };
}

/** A call of a Task to itself. */
function loop({ x, y, width }: Box, nth: number): EdgePath {
  const [right, top] = [x + width - 12, y];
  const high = 22 + nth * APART;
  const [left, above] = [right - 26, top - high];
  const ends = [
    xy({ x: left, y: top }),
    xy({ x: left, y: above }),
    xy({ x: right, y: above }),
    xy({ x: right, y: top }),
  ];
  return {
    path: `M${ends[0]} C${ends.slice(1).join(' ')}`,
    label: { x: right - 13, y: top - high * 0.75 },
  };
}

const xy = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
