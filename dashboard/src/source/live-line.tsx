import { useSyncExternalStore } from 'react';

import { useTimedText } from '#dashboard/shell/clock.ts';
import { ageWords } from '#dashboard/shell/format.ts';

import type { SourceWatch } from './watch.ts';

interface Props {
  watch: SourceWatch;
  source: string;
  /** In a list of many, where waiting is nothing to tell. */
  isShort?: boolean;
}

/** Whether events of a source arrive: how long ago the last one, and how many within a minute. */
export function LiveLine({ watch, source, isShort = false }: Props) {
  useSyncExternalStore(watch.subscribe, watch.revision);
  const isFollowing = useSyncExternalStore(watch.subscribe, watch.isFollowing);
  const text = useTimedText((now) => {
    const account = watch.of(source);
    if (!account) return '';
    const ago = `${ageWords(now - account.lastAt)} ago`;
    if (isShort) return ago;
    const count = `${account.isAtLeast ? 'at least ' : ''}${account.lastMinute.toLocaleString('en')}`;
    return `received ${ago} · ${count} in the last minute`;
  });
  if (text !== '')
    return (
      <span className="live-line is-arriving">
        <span className="live-dot" aria-hidden="true" /> {text}
      </span>
    );
  if (isShort) return null;
  return (
    <span className="live-line muted">
      <span className="spinner" aria-hidden="true" />{' '}
      {isFollowing ? 'waiting for the first event …' : 'connecting …'}
    </span>
  );
}
