/** Whether the platform has meanwhile been given another studio than the one this page came from. */
import { at } from './client';

const ENTRY = /assets\/index-[\w-]+\.js/;

const own = (): string | undefined =>
  [...document.scripts].map((script) => ENTRY.exec(script.src)?.[0]).find((entry) => entry !== undefined);

/** `null`: nobody can tell, because the platform is away or the page came from a development server. */
export async function isOutdated(): Promise<boolean | null> {
  const mine = own();
  if (!mine) return null;
  try {
    const answer = await fetch(at(''), { cache: 'no-store', headers: { Accept: 'text/html' } });
    return answer.ok ? ENTRY.exec(await answer.text())?.[0] !== mine : null;
  } catch {
    return null;
  }
}

const RELOADED = 'counterpoint.reloaded';
const AGAIN_MS = 20_000;

/** Reloads if the platform is there: else the page would be gone, too. */
export async function reloadIfThere(again: () => void = reload): Promise<void> {
  try {
    const answer = await fetch(at('healthz'), { cache: 'no-store' });
    if (answer.ok) again();
  } catch {
    // It is still away; whoever asked is told when it is back.
  }
}

/** Reloads, but never in a circle. */
function reload(): void {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < AGAIN_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

/** A part of the page that is loaded when it is needed may be gone with the studio that it belonged to. */
export function reloadWhenPartsAreGone(): void {
  window.addEventListener('vite:preloadError', () => {
    void isOutdated().then((outdated) => {
      if (outdated) reload();
    });
  });
}
