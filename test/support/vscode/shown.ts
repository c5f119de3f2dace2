import type { Page } from 'playwright-core';
import { activeTab } from './editors.ts';
import { clearNotifications, notifications } from './notifications.ts';
import { quickInput, runCommand } from './quickInput.ts';

/**
 * What a command may answer with, as lines such as `error: No Task ...`, `pick: Deploy Nuclio Task`, `dialog: Delete
 * ...?`, `tab: main.py`, `panel: Output`.
 */
export async function shown(page: Page): Promise<string[]> {
  const lines = (await notifications(page)).map(
    ({ severity, message, buttons }) => `${severity}: ${message}${buttons.map((button) => ` [${button}]`).join('')}`,
  );
  const input = quickInput(page);
  if (await input.isVisible()) {
    const title = (await input.locator('.quick-input-title').textContent())?.trim();
    lines.push(`pick: ${title || (await input.locator('input').first().getAttribute('placeholder'))}`);
  }
  const dialog = page.locator('.monaco-dialog-box:visible');
  if (await dialog.isVisible())
    lines.push(`dialog: ${(await dialog.locator('.dialog-message-container').innerText()).replaceAll(/\s+/g, ' ')}`);
  const tab = await activeTab(page);
  if (tab !== undefined) lines.push(`tab: ${tab}`);
  const panel = page.locator(
    '.part.panel:visible .panel-switcher-container .action-item.checked .action-label, ' +
      '.part.panel:visible .composite-bar .action-item.checked .action-label',
  );
  if ((await panel.count()) > 0) lines.push(`panel: ${(await panel.first().getAttribute('aria-label')) ?? ''}`);
  return lines;
}

/** Closes everything that a command has shown. @param lines the result of `shown` */
export async function takeAway(page: Page, lines: readonly string[]): Promise<void> {
  const has = (kind: RegExp): boolean => lines.some((line) => kind.test(line));
  if (has(/^dialog:/)) {
    await page.keyboard.press('Escape');
    await page.locator('.monaco-dialog-box:visible').waitFor({ state: 'hidden' });
  }
  if (has(/^pick:/)) {
    await page.keyboard.press('Escape');
    await quickInput(page).waitFor({ state: 'hidden' });
  }
  if (has(/^(info|warning|error):/)) await clearNotifications(page);
  if (has(/^tab:/)) await runCommand(page, 'View: Close All Editors');
  if (has(/^panel:/)) await runCommand(page, 'View: Hide Panel');
}
