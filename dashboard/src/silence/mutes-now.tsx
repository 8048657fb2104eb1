import type { Silence } from '#shared/silence/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** How many active alerts a silence holds for right now. */
export function MutesNow({ silence }: { silence: Silence }) {
  const { call } = useApp();
  const { silence_id, version, matchers } = silence;
  const { value, error } = useResource(`mutes ${silence_id} ${version}`, () =>
    call('silences.preview', { matchers }),
  );
  if (error) return <span className="muted">not known: {error.message}</span>;
  if (!value) return <span className="muted">…</span>;
  const { alerts, critical } = value.now;
  return (
    <span className={critical.alerts > 0 ? 'is-bad' : ''}>
      {alerts} {alerts === 1 ? 'alert' : 'alerts'}
      {critical.alerts > 0 && `, ${critical.alerts} critical`}
    </span>
  );
}
