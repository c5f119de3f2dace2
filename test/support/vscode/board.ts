import type { Locator, Page } from 'playwright-core';
import { waitFor } from './wait.ts';
import { webview } from './webviews.ts';

/** A thing on the board: an entry, a group or a Task, by what a screen reader says of it. */
export const thing = (page: Page, label: RegExp): Locator => webview(page).getByRole('button', { name: label }).first();

/** Drags a thing of the board by the mouse. @param to a CSS selector of the place */
export const dragOnBoard = (page: Page, from: Locator, to: string): Promise<void> =>
  dragTo(page, from, webview(page).locator(to).first());

/** Drags a thing on a page by the mouse. @param to may be there only while something is dragged */
export async function dragTo(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  if (start === null) throw new Error('What is dragged is not shown');
  await page.mouse.move(start.x + 40, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + start.height / 2 + 10, { steps: 4 });
  const target = await waitFor('the place to drop', () => to.boundingBox().then((box) => box ?? undefined));
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 6 });
  await page.mouse.up();
}
