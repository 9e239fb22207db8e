/** After going to another page, its heading has the focus: who hears the page is told where he is. */
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

const PATIENCE_MS = 4_000;

export function useArrival(): void {
  const router = useRouter();
  useEffect(() => {
    let watching: MutationObserver | undefined;
    const focus = (): boolean => {
      const heading = document.querySelector<HTMLElement>('#main h1');
      if (!heading) return false;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      return true;
    };
    const forget = router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
      watching?.disconnect();
      // A dialog keeps the focus that it has.
      if (!fromLocation || !pathChanged || document.querySelector('[role=dialog]')) return;
      if (focus()) return;
      watching = new MutationObserver((_, observer) => {
        if (focus()) observer.disconnect();
      });
      watching.observe(document.body, { childList: true, subtree: true });
      setTimeout(() => watching?.disconnect(), PATIENCE_MS);
    });
    return () => {
      forget();
      watching?.disconnect();
    };
  }, [router]);
}
