/** After going to another page, its heading has the focus: who hears the page is told where he is. */
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

const LOOK_MS = 50;
const PATIENCE_MS = 3_000;

/** False while there is no heading yet, or a dialog that is closing would take the focus away again. */
function arrived(): boolean {
  const heading = document.querySelector<HTMLElement>('#main h1');
  if (!heading || document.querySelector('[role=dialog]')) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

export function useArrival(): void {
  const router = useRouter();
  useEffect(() => {
    let looking: ReturnType<typeof setInterval> | undefined;
    const forget = router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
      clearInterval(looking);
      if (!fromLocation || !pathChanged || arrived()) return;
      const began = Date.now();
      looking = setInterval(() => {
        if (arrived() || Date.now() - began > PATIENCE_MS) clearInterval(looking);
      }, LOOK_MS);
    });
    return () => {
      forget();
      clearInterval(looking);
    };
  }, [router]);
}
