import { useEffect, useState } from 'react';

import { useApp } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';

import { SourceWatch } from './watch.ts';

/** Follows the feed while this is mounted, and counts by source. */
export function useSourceWatch(): SourceWatch {
  const { live } = useApp();
  const [watch] = useState(() => new SourceWatch(serverNow));
  useEffect(() => {
    const follow = () => watch.follow();
    return live.subscribe(
      'feed',
      {},
      { snapshot: follow, merge: follow, feed: (frame) => watch.take(frame) },
    );
  }, [live, watch]);
  return watch;
}
