import type { Locator, Page } from 'playwright-core';
import { view } from './views.ts';
import { exactly, waitFor } from './wait.ts';

export interface TreeRow {
  label: string;
  description: string;
  /** From 1. */
  level: number;
  /** Undefined for a row that cannot be expanded. */
  expanded: boolean | undefined;
  selected: boolean;
  /** The label for screen readers. */
  spoken: string;
}

/** The visible rows of a tree view, from top to bottom. */
export async function treeRows(page: Page, viewName: string): Promise<TreeRow[]> {
  const found = await rows(page, viewName).evaluateAll((elements) =>
    elements.map((element) => ({
      label: (element.querySelector('.label-name') ?? element).textContent?.trim() ?? '',
      description: element.querySelector('.label-description')?.textContent?.trim() ?? '',
      level: Number(element.getAttribute('aria-level')),
      expanded:
        element.getAttribute('aria-expanded') === null ? undefined : element.getAttribute('aria-expanded') === 'true',
      selected: element.getAttribute('aria-selected') === 'true',
      spoken: element.getAttribute('aria-label') ?? '',
      top: Number.parseInt(element.style.top, 10) || 0,
    })),
  );
  // The document has them in the order in which they were created.
  return found.sort((a, b) => a.top - b.top).map(({ top: _, ...row }) => row);
}

/** The same, as lines that a test compares: indented by level, with the description in brackets. */
export async function treeText(page: Page, viewName: string): Promise<string> {
  const all = await treeRows(page, viewName);
  return all
    .map(
      ({ label, description, level }) =>
        `${'  '.repeat(level - 1)}${label}${description === '' ? '' : ` [${description}]`}`,
    )
    .join('\n');
}

/** The first row with this label. */
export function treeRow(page: Page, viewName: string, label: string | RegExp): Locator {
  return rows(page, viewName)
    .filter({ has: page.locator('.label-name', { hasText: exactly(label) }) })
    .first();
}

/** Waits until a row meets a condition. */
export function waitForRow(
  page: Page,
  viewName: string,
  label: string,
  check: (row: TreeRow) => boolean = () => true,
): Promise<TreeRow> {
  let seen: TreeRow[] = [];
  return waitFor(`the row ${label} in ${viewName}`, async () => {
    seen = await treeRows(page, viewName);
    return seen.find((row) => row.label === label && check(row));
  }).catch((error: Error) => {
    throw new Error(`${error.message}; there is ${JSON.stringify(seen, null, 1)}`, { cause: error });
  });
}

export async function expandRow(page: Page, viewName: string, label: string): Promise<void> {
  const row = treeRow(page, viewName, label);
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  await waitForRow(page, viewName, label, ({ expanded }) => expanded === true);
}

/** Selects several rows: the first by a click, the others by one with Ctrl (Cmd on macOS). */
export async function selectRows(page: Page, viewName: string, labels: readonly string[]): Promise<void> {
  for (const [index, label] of labels.entries()) {
    await treeRow(page, viewName, label).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] });
  }
}

/** Clicks a button of a row, as soon as it is enabled. Buttons show only while the mouse is over the row. */
export async function clickRowAction(page: Page, viewName: string, label: string, action: string): Promise<void> {
  const row = treeRow(page, viewName, label);
  const button = row.locator(`.actions .action-label[aria-label^="${action}"]:not(.disabled)`).first();
  await waitFor(`the button '${action}' of ${label}`, async () => {
    await row.hover();
    return button.isVisible();
  });
  await button.click();
}

/**
 * Drags a row onto another one, or below all of them.
 * @param target a label; undefined: the empty place at the view's end
 */
export async function dragRow(page: Page, viewName: string, label: string, target: string | undefined): Promise<void> {
  const list = view(page, viewName).locator('.monaco-list').first();
  const from = await centre(treeRow(page, viewName, label));
  const area = await list.boundingBox();
  if (area === null) throw new Error(`${viewName} shows no tree`);
  const to =
    target === undefined ? { x: from.x, y: area.y + area.height - 5 } : await centre(treeRow(page, viewName, target));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  // A drag begins with the first movement, and the tree notices the mouse only when it moves over it.
  await page.mouse.move(from.x + 5, from.y + 3);
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await waitFor(`${viewName} to take the row`, async () => {
    // When the tree is drawn again, it forgets where the row would drop until the mouse moves.
    await page.mouse.move(to.x + 2, to.y);
    await page.mouse.move(to.x, to.y);
    return list.evaluate(
      (element) => element.classList.contains('drop-target') || element.querySelector('.drop-target') !== null,
    );
  });
  await page.mouse.up();
}

/** A tooltip, as text. */
export async function rowTooltip(page: Page, viewName: string, label: string): Promise<string> {
  await treeRow(page, viewName, label).hover();
  // The tooltip of the element before may still be shown.
  const hover = page.locator('.workbench-hover-container:visible .workbench-hover', { hasText: label }).last();
  await hover.waitFor();
  return hover.innerText();
}

/** In call stacks and breakpoints their role is not that of a tree's item. */
function rows(page: Page, viewName: string): Locator {
  return view(page, viewName).locator('.monaco-list-row');
}

async function centre(row: Locator): Promise<{ x: number; y: number }> {
  await row.scrollIntoViewIfNeeded();
  const box = await row.boundingBox();
  if (box === null) throw new Error('The row is not in sight');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
