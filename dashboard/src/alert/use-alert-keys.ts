import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import type { Binding } from '#dashboard/shell/key/keyboard.ts';
import { useKeys } from '#dashboard/shell/key/use-keys.ts';
import { focusedRowId } from '#dashboard/shell/table/use-table-keys.ts';

import { type AlertAction, isDue } from './act.ts';
import { useAskEscalate } from './use-ask-escalate.ts';

interface Options {
  /** The alert they are for; absent: that of the row with the focus. */
  alertId?: string;
  onSearch?: () => void;
  onShowNew?: () => void;
}

const GROUP = 'Alerts';

/** a acknowledges, r resolves, e escalates, n takes it on; / searches, u shows what waits. */
export function useAlertKeys({ alertId, onSearch, onShowNew }: Options): void {
  const { alerts, actions, me, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const askEscalate = useAskEscalate();
  const withAlert = (then: (id: string) => void) => () => {
    const id = alertId ?? focusedRowId();
    if (id === undefined || !alerts.get(id)) return;
    if (isAllowed) then(id);
    else toasts.say('failed', `${title}.`);
  };
  const act = (action: AlertAction) =>
    withAlert((id) => {
      if (isDue(action, alerts.get(id)!.state)) void actions.run(action, id);
    });
  const search: Binding[] = onSearch
    ? [{ keys: '/', what: 'Search', group: 'Lists', run: onSearch }]
    : [];
  const fresh: Binding[] = onShowNew
    ? [{ keys: 'u', what: 'Show new alerts that wait', group: 'Lists', run: onShowNew }]
    : [];
  useKeys([
    { keys: 'a', what: 'Acknowledge', group: GROUP, run: act('ack') },
    { keys: 'r', what: 'Resolve', group: GROUP, run: act('resolve') },
    { keys: 'e', what: 'Escalate its incident', group: GROUP, run: withAlert(askEscalate) },
    {
      keys: 'n',
      what: 'Assign to me, or give it up',
      group: GROUP,
      run: withAlert((id) => {
        const isMine = alerts.get(id)?.assigned_to === me.actor;
        void actions.assign(id, isMine ? null : me.actor);
      }),
    },
    ...search,
    ...fresh,
  ]);
}
