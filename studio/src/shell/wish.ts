/** What somebody asked for from elsewhere: "a new key" leads to the page of keys, which then opens its form. */
import { useEffect, useRef } from 'react';

export type Wish = 'key' | 'provider' | 'member';

let open: Wish | undefined;
const told = new EventTarget();

export function wish(what: Wish): void {
  open = what;
  told.dispatchEvent(new Event('wish'));
}

/** `grant` is called when `what` is wished for, now or later. */
export function useWish(what: Wish, grant: () => void): void {
  const latest = useRef(grant);
  latest.current = grant;
  useEffect(() => {
    const look = (): void => {
      if (open !== what) return;
      open = undefined;
      latest.current();
    };
    look();
    told.addEventListener('wish', look);
    return () => told.removeEventListener('wish', look);
  }, [what]);
}
