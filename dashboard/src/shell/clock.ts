import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let skewMs = 0;

/** The server's clock, as far as it is known, ms since the epoch. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

/** What the server's clock is ahead of ours, ms. */
export function setSkew(ms: number): void {
  // Less than two seconds is the network's doing.
  skewMs = Math.abs(ms) < 2_000 ? 0 : ms;
}

function onSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const one of listeners) one();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** A text that depends on the time; renders again only in the second in which it changes. */
export function useTimedText(text: (now: number) => string): string {
  return useSyncExternalStore(onSecond, () => text(serverNow()));
}

/** Calls back every second while mounted: for useEffect. */
export const eachSecond = onSecond;
