import type { Locator, Page } from 'playwright-core';
import { waitFor } from './wait.ts';

/** The texts in the status bar, from left to right, without icons. */
export async function statusBarTexts(page: Page): Promise<string[]> {
  const texts = await page.locator('.part.statusbar .statusbar-item').allInnerTexts();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** The item with this text, visible or for screen readers. */
export function statusBarItem(page: Page, text: string): Locator {
  return page
    .locator('.part.statusbar .statusbar-item')
    .filter({ has: page.locator(`[aria-label*="${text}"], a:text("${text}")`) });
}

export async function waitForStatus(page: Page, text: string): Promise<void> {
  await waitFor(`${text} in the status bar`, async () => (await statusBarItem(page, text).count()) > 0);
}

/** The address of the window's own server, whose port is in the status bar. */
export async function serverAddress(page: Page): Promise<string> {
  const status = await page.locator('.statusbar-item', { hasText: 'Fusionizer :' }).first().innerText();
  return `http://127.0.0.1:${/:(\d+)/.exec(status)?.[1]}`;
}
