let region: HTMLElement | undefined;

/** Has a text read by screen readers, without moving the focus. */
export function announce(text: string): void {
  if (region === undefined) {
    region = document.createElement('div');
    region.className = 'spoken';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // The same text again is read again only if it differs.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
