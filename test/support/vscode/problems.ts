import type { Page } from 'playwright-core';
import { runCommand } from './quickInput.ts';
import { waitFor } from './wait.ts';

export interface Problem {
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** The source of the problem. */
  source: string;
  /** e.g. `Ln 3, Col 1` */
  place: string;
}

/** Opens the Problems view. @returns the visible problems by file */
export async function problems(page: Page): Promise<Record<string, Problem[]>> {
  const panel = page.locator('.part.panel .markers-panel');
  if (!(await panel.isVisible())) await runCommand(page, 'Problems: Focus on Problems View');
  await panel.waitFor();
  const rows = await panel.locator('.monaco-list-row').evaluateAll((elements) =>
    elements.map((element) => ({
      top: Number.parseInt(element.style.top, 10),
      file: element
        .querySelector('.resource-label-container .label-name, .monaco-icon-label .label-name')
        ?.textContent?.trim(),
      severity: (/codicon-(error|warning|info)/.exec(
        element.querySelector('.marker-icon .codicon')?.className ?? '',
      )?.[1] ?? 'error') as 'error',
      message: element.querySelector('.marker-message-line')?.textContent?.trim() ?? '',
      source: element.querySelector('.marker-source')?.textContent?.trim() ?? '',
      place: element.querySelector('.marker-line')?.textContent?.trim() ?? '',
    })),
  );
  const found: Record<string, Problem[]> = {};
  let file = '';
  for (const row of rows.sort((a, b) => a.top - b.top)) {
    if (row.message === '' && row.file !== undefined) file = row.file;
    else {
      // The line ends with both.
      const message = row.message
        .replace(row.place, '')
        .trim()
        .slice(0, row.source === '' ? undefined : -row.source.length);
      found[file] = [
        ...(found[file] ?? []),
        {
          severity: row.severity,
          message: message.trim(),
          source: row.source,
          place: row.place.replaceAll(/[[\]]/g, ''),
        },
      ];
    }
  }
  return found;
}

/** Waits until a file has a problem with this text. */
export function waitForProblem(page: Page, file: string, text: string | RegExp): Promise<Problem> {
  let seen: Record<string, Problem[]> = {};
  return waitFor(`a problem in ${file} with ${text}`, async () => {
    seen = await problems(page);
    return seen[file]?.find(({ message }) => (text instanceof RegExp ? text.test(message) : message.includes(text)));
  }).catch((error: Error) => {
    throw new Error(`${error.message}; there is ${JSON.stringify(seen)}`, { cause: error });
  });
}
