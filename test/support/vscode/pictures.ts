import type { Frame, Page } from 'playwright-core';

export interface Picture {
  source: string;
  alt: string;
  /** In pixels of the file; 0 for a picture that is not loaded. */
  width: number;
}

/** The pictures of a page or a frame, those that could not be loaded as well. */
export function shownPictures(frame: Frame): Promise<Picture[]> {
  return frame.locator('img').evaluateAll((images) =>
    images.map((image) => ({
      source: image.getAttribute('src') ?? '',
      alt: image.getAttribute('alt') ?? '',
      width: (image as unknown as { naturalWidth: number }).naturalWidth,
    })),
  );
}

/** The pictures in webviews, such as the page of an extension. */
export async function picturesInWebviews(page: Page): Promise<Picture[]> {
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  // A frame that was replaced meanwhile has nothing to show.
  return (await Promise.all(frames.map((frame) => shownPictures(frame).catch(() => [])))).flat();
}
