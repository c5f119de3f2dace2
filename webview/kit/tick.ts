import { useEffect, useState } from 'preact/hooks';

/** Draws a component again each second. */
export function useTick(isRunning: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => tick((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
}
