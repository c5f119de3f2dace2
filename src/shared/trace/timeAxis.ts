/** Steps of an axis, in any unit. */
const STEPS = [1, 2, 5];

/**
 * The marks of a time axis from 0: at round numbers, at most so many.
 * @param length in milliseconds
 */
export function axisMarks(length: number, most: number): number[] {
  if (!(length > 0) || most < 1) return [0];
  for (let power = 10 ** Math.floor(Math.log10(length / most)); ; power *= 10)
    for (const step of STEPS.map((one) => one * power))
      if (length / step <= most)
        return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}

/** `0`, `250 µs`, `12 ms`, `1.5 s` */
export function axisText(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${Number(milliseconds.toFixed(2))} ms`;
  return `${Number((milliseconds / 1000).toFixed(2))} s`;
}
