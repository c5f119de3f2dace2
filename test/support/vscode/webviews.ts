import type { FrameLocator, Page } from 'playwright-core';

/**
 * The page that an editor shows, which VS Code puts into two frames. That of an editor which was just closed is hidden,
 * and stays in the window for a moment.
 */
export function webview(page: Page): FrameLocator {
  return page.locator('iframe.webview.ready:visible').last().contentFrame().frameLocator('#active-frame');
}
