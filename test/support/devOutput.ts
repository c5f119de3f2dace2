import pc from 'picocolors';
import { DevOutput } from '../../src/cli/dev/devOutput.ts';
import type { LogLevel } from '../../src/shared/api.ts';

/** An output for a level and those above whose lines are kept, without their clock. */
export function devOutput(width?: number, level?: LogLevel): { dev: DevOutput; lines: string[] } {
  const lines: string[] = [];
  const out = {
    colors: pc.createColors(false),
    isTTY: width !== undefined,
    width,
    write: () => undefined,
    line: (text = '') => void lines.push(text.replace(/^\d\d:\d\d:\d\d /, '')),
  };
  return { dev: new DevOutput({ out, json: false, printJsonLine: () => undefined }, level), lines };
}
