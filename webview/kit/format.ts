/** Seconds as people read them: `40 s`, `1:05 min`, `2:00:30 h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const [minutes, rest] = [Math.floor(whole / 60), two(whole % 60)];
  if (minutes < 60) return `${minutes}:${rest} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest} h`;
}

const COUNTS = new Intl.NumberFormat('en');

/** A count with commas: `1,240`. Asking each number for it is slow. */
export const formatCount = (count: number): string => COUNTS.format(count);
