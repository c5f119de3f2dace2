import type { Page } from 'playwright-core';
import { quickInput } from './quickInput.ts';
import { exactly, waitFor } from './wait.ts';

/** Runs a command by keys alone. @param name its name in the palette, or the beginning of it */
export async function commandByKeys(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F1');
  await quickInput(page).locator('.quick-input-box input').waitFor();
  await page.keyboard.type(name);
  await quickInput(page).locator('.monaco-list-row.focused .label-name', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await quickInput(page).waitFor({ state: 'hidden' });
}

/** Chooses an entry in the context menu of what has the focus, by keys alone. */
export async function menuByKeys(page: Page, label: string | RegExp): Promise<void> {
  await page.keyboard.press('Shift+F10');
  const menu = page.locator('.monaco-menu-container .monaco-menu').last();
  await menu.waitFor();
  const focused = menu.locator('.action-item.focused .action-label', { hasText: exactly(label) });
  await waitFor(`the entry ${label}`, async () => {
    if ((await focused.count()) > 0) return true;
    await page.keyboard.press('ArrowDown');
    return false;
  });
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'hidden' });
}

/** The part of the window that has the focus. */
export async function focusedPart(page: Page): Promise<'sidebar' | 'editor' | undefined> {
  for (const part of ['sidebar', 'editor'] as const)
    if ((await page.locator(`.part.${part} :focus, .part.${part}:focus`).count()) > 0) return part;
  return undefined;
}

/** Moves the focus in the tree that has it, until the row with this label has it. */
export async function focusRowByKeys(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Home');
  const focused = page.locator('.part.sidebar .monaco-list-row.focused .label-name', { hasText: exactly(label) });
  await waitFor(`the focus on ${label}`, async () => {
    if ((await focused.count()) > 0) return true;
    await page.keyboard.press('ArrowDown');
    return false;
  });
}
