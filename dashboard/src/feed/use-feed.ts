import { useEffect, useSyncExternalStore } from 'react';

import type { LiveClient } from '#dashboard/live/client.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { eachSecond } from '#dashboard/shell/clock.ts';

import { FeedStore, type FeedView } from './store.ts';

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

export function useFeedView(store: FeedStore): FeedView {
  return useSyncExternalStore(store.subscribe, store.view);
}

function watch(live: LiveClient, store: FeedStore): () => void {
  store.resume();
  const leave = live.subscribe(
    'feed',
    {},
    { snapshot: () => {}, merge: () => {}, feed: (frame) => store.take(frame) },
  );
  const stopTicking = eachSecond(() => store.tick(live.status().kind === 'live'));
  return () => {
    leave();
    stopTicking();
  };
}
