import { useCallback, useEffect, useRef } from 'react';
import type { AroundNavHandler } from 'wouter';

import { useApp } from './app-context.ts';

/** What would be lost by going elsewhere, in a sentence; at most one screen says so at a time. */
const guards = new Map<symbol, { ask: (go: () => void) => void }>();

/** Around every way to another address: a screen with unsaved changes is asked first. */
export const aroundNavigation: AroundNavHandler = (navigate, to, options) => {
  const go = () => navigate(to, options);
  const [guard] = guards.values();
  const path = new URL(to, window.location.href).pathname;
  if (!guard || path === window.location.pathname) return go();
  guard.ask(go);
};

/**
 * Asks before the page is left while `text` says what would be lost. Returns the way to leave without
 * being asked: once all is saved.
 */
export function useLeaveGuard(text: string | undefined): () => void {
  const { asks } = useApp();
  const release = useRef(() => {});
  useEffect(() => {
    if (text === undefined) return undefined;
    const key = Symbol('guard');
    const ask = (go: () => void) =>
      asks.ask({
        title: 'Leave without saving?',
        text,
        verb: 'Leave',
        isDanger: true,
        onConfirm: () => {
          guards.delete(key);
          go();
        },
      });
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    guards.set(key, { ask });
    window.addEventListener('beforeunload', onUnload);
    release.current = () => {
      guards.delete(key);
      window.removeEventListener('beforeunload', onUnload);
    };
    return release.current;
  }, [asks, text]);
  return useCallback(() => release.current(), []);
}
