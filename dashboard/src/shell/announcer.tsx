import { useEffect, useState } from 'react';

import type { AlertLine } from '#shared/live/schema.ts';

import { useApp } from './app-context.ts';

/** Alerts that open within this time are said in one sentence. */
const GATHER_MS = 1_000;

/** Tells screen readers of new alerts: critical ones at once, others when there is a pause. */
export function Announcer() {
  const { alerts } = useApp();
  const [said, setSaid] = useState({ polite: '', assertive: '' });
  useEffect(() => {
    let gathered: AlertLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      timer = undefined;
      const critical = gathered.filter(({ severity }) => severity === 'CRITICAL');
      const others = gathered.filter(({ severity }) => severity !== 'CRITICAL');
      gathered = [];
      setSaid({
        polite: sentence('New alert', others),
        assertive: sentence('Critical alert', critical),
      });
    };
    const stop = alerts.onOpened((opened) => {
      gathered.push(...opened);
      timer ??= setTimeout(say, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [alerts]);
  return (
    <div className="hidden">
      <p aria-live="polite">{said.polite}</p>
      <p aria-live="assertive">{said.assertive}</p>
    </div>
  );
}

function sentence(what: string, alerts: readonly AlertLine[]): string {
  const [first] = alerts;
  if (!first) return '';
  const rest = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  return `${what}: ${first.title}, ${first.service}${rest}`;
}
