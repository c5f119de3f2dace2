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
  // The palette takes no notice of commands that come after it was opened, and closes if an editor takes the focus: it
  // is opened again until the command is there.
  await waitFor(`the command "${name}" in the palette`, async () => {
    await openPalette(page, name);
    await clickRow(page, name, 2000);
    return true;
  });
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
  await typeIntoQuickInput(page, text);
  await quickInput(page).locator('.quick-input-box input').press('Enter');
  return prompt;
}

/** Accepts the name that the dialog for a file proposes: it looks up the folder first, and ignores Enter then. */
export async function acceptFileName(page: Page): Promise<void> {
  await waitForQuickInput(page);
  await waitFor('the dialog to take the name', async () => {
    await quickInput(page).locator('.quick-input-box input').press('Enter', { timeout: 1000 });
    await quickInput(page).waitFor({ state: 'hidden', timeout: 500 });
    return true;
  });
}

/**
 * Sets the text of the input. Typed text goes to whatever has the focus, which may be an editor that an earlier step
 * opens just then.
 */
export async function typeIntoQuickInput(page: Page, text: string): Promise<void> {
  await quickInput(page)
    .locator('.quick-input-box input')
    .evaluate((input, value) => {
      Object.assign(input, { value });
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, text);
}

interface RowToClick {
  label: string | RegExp;
  /** Such as the folder of a file; any by default. */
  description?: RegExp;
}

/**
 * Clicks a row as soon as it is there. The list uses a row's element again for another entry while it is filtered: the
 * row is found and clicked at one moment of the window.
 * @param timeout in milliseconds
 */
export async function clickRow(page: Page, what: string | RegExp | RowToClick, timeout?: number): Promise<void> {
  const { label, description = /^/ } = typeof what === 'object' && 'label' in what ? what : { label: what };
  const wanted = [exactly(label), description];
  await waitFor(
    `the row "${label}" of a quick pick`,
    () =>
      rows(page).evaluateAll((all, [name, beside]) => {
        const found = all.find(
          (row) =>
            name?.test(row.querySelector('.quick-input-list-row .label-name')?.textContent ?? '') &&
            beside?.test(row.querySelector('.quick-input-list-row .label-description')?.textContent ?? ''),
        );
        // In a list with boxes, a row's own click event does not tick its box.
        const target = found?.querySelector('.monaco-checkbox, .monaco-custom-toggle') ?? found;
        if (target === undefined || !('click' in target)) return false;
        (target as { click(): void }).click();
        return true;
      }, wanted),
    timeout,
  );
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
  if (!Array.isArray(labels)) return clickRow(page, labels);
  for (const label of labels) await clickRow(page, label);
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

async function openPalette(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await typeIntoQuickInput(page, `>${text}`);
}
