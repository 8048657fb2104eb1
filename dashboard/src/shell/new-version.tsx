import { useEffect, useState } from 'react';

import { useLiveStatus } from './app-context.ts';
import { isNewer } from './version.ts';

const EVERY_MS = 10 * 60_000;

/** Says that a newer build is deployed; asked after each reconnect, and every ten minutes. */
export function NewVersion() {
  const status = useLiveStatus();
  const isLive = status.kind === 'live';
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    if (!isLive) return undefined;
    const ask = () => void isNewer().then((answer) => answer && setIsThere(true));
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  if (!isThere) return null;
  return (
    <div className="banner" role="status">
      <span>A new version of this dashboard is here.</span>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Reload
      </button>
    </div>
  );
}
