import { useCallback, useEffect, useSyncExternalStore } from 'react';

import type { LiveClient } from '#dashboard/live/client.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { eachSecond } from '#dashboard/shell/clock.ts';

import { FeedStore, type FeedView } from './store.ts';

const SHOWN_EVERY_MS = 200;

/** One per connection, so that the chart's past survives a look at another screen. */
const stores = new WeakMap<LiveClient, FeedStore>();

/** The feed of this sign-in; followed while this is mounted and the tab is looked at. */
export function useFeed(): FeedStore {
  const { live } = useApp();
  const store = stores.get(live) ?? new FeedStore(Date.now);
  stores.set(live, store);
  useEffect(() => {
    let leave: (() => void) | undefined;
    const follow = () => {
      const isLookedAt = document.visibilityState === 'visible';
      if (isLookedAt && !leave) leave = watch(live, store);
      else if (!isLookedAt) {
        leave?.();
        leave = undefined;
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      leave?.();
    };
  }, [live, store]);
  return store;
}

/** What the feed shows, five times a second at most, however many frames come. */
export function useFeedView(store: FeedStore): FeedView {
  const subscribe = useCallback((listener: () => void) => atMost(store, listener), [store]);
  return useSyncExternalStore(subscribe, store.view);
}

function atMost(store: FeedStore, listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = store.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      listener();
    }, SHOWN_EVERY_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function watch(live: LiveClient, store: FeedStore): () => void {
  store.resume();
  const follow = () => store.follow(true);
  const leave = live.subscribe(
    'feed',
    {},
    { snapshot: follow, merge: follow, feed: (frame) => store.take(frame) },
  );
  const stopTicking = eachSecond(() => store.tick(live.status().kind === 'live'));
  return () => {
    leave();
    store.follow(false);
    stopTicking();
  };
}
