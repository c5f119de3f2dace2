import pc from 'picocolors';
import { DevOutput } from '../../src/cli/dev/devOutput.ts';

/** An output whose lines are kept, without their clock. */
export function devOutput(width?: number): { dev: DevOutput; lines: string[] } {
  const lines: string[] = [];
  const out = {
    colors: pc.createColors(false),
    isTTY: width !== undefined,
    width,
    write: () => undefined,
    line: (text = '') => void lines.push(text.replace(/^\d\d:\d\d:\d\d /, '')),
  };
  return { dev: new DevOutput({ out, json: false, printJsonLine: () => undefined }), lines };
}
