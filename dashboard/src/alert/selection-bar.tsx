import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import type { useSelection } from '#dashboard/shell/table/use-selection.ts';

import { type AlertAction, isDue } from './act.ts';

/** What can be done to the alerts that are chosen; not there while none is. */
export function SelectionBar({ selection }: { selection: ReturnType<typeof useSelection> }) {
  const { alerts, actions } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const { ids } = selection;
  if (ids.length === 0) return null;
  const run = (action: AlertAction) => {
    const due = ids.filter((id) => isDue(action, alerts.get(id)?.state ?? 'RESOLVED'));
    selection.setAll([]);
    if (due.length > 0) void actions.runAll(action, due);
  };
  return (
    <div className="selection-bar" role="region" aria-label="Selection">
      <strong>{ids.length} selected</strong>
      <button
        type="button"
        className="button button-primary"
        disabled={!isAllowed}
        title={title}
        onClick={() => run('ack')}
      >
        Acknowledge selected
      </button>
      <button
        type="button"
        className="button"
        disabled={!isAllowed}
        title={title}
        onClick={() => run('resolve')}
      >
        Resolve selected
      </button>
      <button type="button" className="button button-quiet" onClick={() => selection.setAll([])}>
        Clear
      </button>
    </div>
  );
}
