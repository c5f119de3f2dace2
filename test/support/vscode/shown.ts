import type { Page } from 'playwright-core';
import { activeTab } from './editors.ts';
import { notifications } from './notifications.ts';
import { quickInput } from './quickInput.ts';

/** What a command may answer with, as lines such as `error: No Task ...`, `pick: Deploy Task`, `dialog: Delete ...?`, `tab: main.py`, `panel: Output`. */
export async function shown(page: Page): Promise<string[]> {
  const lines = (await notifications(page)).map(
    ({ severity, message, buttons }) => `${severity}: ${message}${buttons.map((button) => ` [${button}]`).join('')}`,
  );
  const input = quickInput(page);
  if (await input.isVisible())
    lines.push(
      `pick: ${(await input.locator('.quick-input-title').textContent())?.trim() || (await input.locator('input').first().getAttribute('placeholder'))}`,
    );
  const dialog = page.locator('.monaco-dialog-box:visible');
  if (await dialog.isVisible()) lines.push(`dialog: ${(await dialog.locator('.dialog-message-container').innerText()).replaceAll(/\s+/g, ' ')}`);
  const tab = await activeTab(page);
  if (tab !== undefined) lines.push(`tab: ${tab}`);
  const panel = page.locator(
    '.part.panel:visible .panel-switcher-container .action-item.checked .action-label, .part.panel:visible .composite-bar .action-item.checked .action-label',
  );
  if ((await panel.count()) > 0) lines.push(`panel: ${(await panel.first().getAttribute('aria-label')) ?? ''}`);
  return lines;
}

/** Takes away all that a command has shown. */
export async function takeAway(page: Page): Promise<void> {
  const dialog = page.locator('.monaco-dialog-box:visible');
  for (let tries = 0; (await dialog.isVisible()) && tries < 3; tries += 1) {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
  }
  for (let tries = 0; (await quickInput(page).isVisible()) && tries < 3; tries += 1) await page.keyboard.press('Escape');
}
