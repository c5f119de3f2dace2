import type { Locator, Page } from 'playwright-core';
import { exactly, waitFor } from './wait.ts';

/** The command palette, quick picks and input boxes are one widget, and none or one of them is visible. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible');
}

/**
 * Runs a command as a user does: by its name in the palette, e.g. `Fusionizer: Start Server`. A command that is not
 * there yet is awaited.
 */
export async function runCommand(page: Page, name: string): Promise<void> {
  const row = await findInPalette(page, name);
  await row.click();
}

/** The names that the palette shows for a text. */
export async function paletteNames(page: Page, text: string): Promise<string[]> {
  await openPalette(page, text);
  await waitFor('the palette to filter', async () => (await rows(page).count()) > 0);
  const names = await quickPickLabels(page);
  await page.keyboard.press('Escape');
  return names;
}

/**
 * Types into an input box and accepts.
 * @param title of the input box, or a part of it
 * @returns what it said below the input before that: its prompt
 */
export async function answerInput(page: Page, text: string, title?: string): Promise<string> {
  await waitForQuickInput(page, title);
  const prompt = await quickInputMessage(page);
  const input = quickInput(page).locator('.quick-input-box input');
  await input.fill(text);
  await input.press('Enter');
  return prompt;
}

/** The prompt, or the fault of the input. */
export async function quickInputMessage(page: Page): Promise<string> {
  return (await quickInput(page).locator('.quick-input-message').textContent())?.trim() ?? '';
}

/**
 * Picks one or, in a list with boxes, several entries by their labels.
 * @param title of the quick pick, or a part of it
 */
export async function pick(page: Page, labels: string | RegExp | string[], title?: string): Promise<void> {
  await waitForQuickInput(page, title);
  if (!Array.isArray(labels)) return rowOf(page, labels).click();
  for (const label of labels) await rowOf(page, label).click();
  await quickInput(page)
    .locator('.quick-input-action .monaco-button', { hasText: exactly('OK') })
    .click();
}

/** The labels of the visible rows. */
export function quickPickLabels(page: Page): Promise<string[]> {
  return rows(page).locator('.quick-input-list-row:first-child .label-name').allTextContents();
}

export async function waitForQuickInput(page: Page, title?: string): Promise<void> {
  if (title !== undefined) await quickInput(page).locator('.quick-input-title', { hasText: title }).waitFor();
  await quickInput(page).locator('.quick-input-box input').waitFor();
}

export async function closeQuickInput(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await quickInput(page).waitFor({ state: 'hidden' });
}

function rows(page: Page): Locator {
  return quickInput(page).locator('.quick-input-list .monaco-list-row');
}

export function rowOf(page: Page, label: string | RegExp): Locator {
  return rowsLabelled(page, label).first();
}

export function rowsLabelled(page: Page, label: string | RegExp): Locator {
  return rowsWith(page, '.label-name', label);
}

/** Rows with this description, such as the folder of a file. */
export function rowsDescribed(page: Page, description: string): Locator {
  return rowsWith(page, '.label-description', description);
}

function rowsWith(page: Page, part: string, text: string | RegExp): Locator {
  const found = page.locator(`.quick-input-list-row:first-child .monaco-icon-label ${part}`, {
    hasText: exactly(text),
  });
  return rows(page).filter({ has: found });
}

async function openPalette(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await quickInput(page).locator('.quick-input-box input').fill(`>${text}`);
}

/**
 * The palette takes no notice of commands that come after it was opened: it is opened again until the command is there.
 */
function findInPalette(page: Page, name: string): Promise<Locator> {
  return waitFor(`the command "${name}" in the palette`, async () => {
    await openPalette(page, name);
    const row = rowOf(page, name);
    await row.waitFor({ timeout: 2000 });
    return row;
  });
}
