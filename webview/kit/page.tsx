import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from './controls.tsx';

/** What a page's state is made of, as far as drawing it goes. */
interface Drawn {
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void;
}

/** Draws a component again whenever its page's state has changed. */
export function useStore(store: Drawn): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const draw = (): void => redraw((count) => count + 1);
    // The host may have answered before.
    draw();
    return store.subscribe(draw);
  }, [store]);
}

/** Takes the focus to a page's own search, by `/` and Ctrl+F. */
export function onSearchKey(event: KeyboardEvent, search: RefObject<HTMLInputElement | null>): void {
  const isSearch = event.key === '/' || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f');
  if (!isSearch || event.target === search.current) return;
  event.preventDefault();
  search.current?.select();
}

/** What has happened, or why something did not, until a person has read it. */
export function Notice({ store }: { store: { readonly notice: string | undefined; dismiss(): void } }) {
  if (store.notice === undefined) return null;
  return (
    <div class="notice" role="alert">
      <span>{store.notice}</span>
      <Button onPress={() => store.dismiss()}>Dismiss</Button>
    </div>
  );
}
