import type { Operation } from '#shared/api/route-access.ts';
import { acknowledgeAll } from '#shared/alert/acknowledge-all.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { assign } from '#shared/alert/assign.ts';
import { getAlert, listAlerts, listDeliveries } from '#shared/alert/list.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { summarise } from '#shared/alert/summary.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import { alertLine } from '#shared/live/line.ts';
import { alertFilterOf } from '#shared/live/select.ts';
import { releaseInhibited } from '#shared/response/release-inhibited.ts';
import type { Handlers } from '#functions/api/operation.ts';
import { readPage } from '#functions/api/page.ts';
import { attempt, recheckPorts } from '#functions/api/recheck.ts';

type AlertOperation = Extract<Operation, `alerts.${string}`>;

export const alertOperations: Handlers<AlertOperation> = {
  async 'alerts.list'(input, call) {
    const page = await readPage('alerts.list', input, call, (wanted) =>
      listAlerts(call.ports, call.context, alertFilterOf(input), wanted),
    );
    return { ...page, items: page.items.map(alertLine) };
  },
  'alerts.summary': (_input, { ports, context }) => summarise(ports, context),
  'alerts.get': ({ alert_id }, { ports, context }) => getAlert(ports, context, alert_id),
  async 'alerts.deliveries'({ alert_id }, { ports, context }) {
    return { items: await listDeliveries(ports, context, alert_id) };
  },
  'alerts.ack': ({ alert_id, ...command }, { ports, context }) =>
    acknowledge(ports, context, alert_id, command),
  'alerts.unack': ({ alert_id, ...command }, { ports, context }) =>
    unacknowledge(ports, context, alert_id, command),
  async 'alerts.resolve'({ alert_id, ...command }, { ports, context }) {
    const alert = await resolve(ports, context, alert_id, command);
    const { inhibitions } = ports;
    await attempt(() => releaseInhibited({ ...recheckPorts(ports), inhibitions }, context, alert));
    return alert;
  },
  'alerts.assign': ({ alert_id, ...command }, { ports, context }) =>
    assign(ports, context, alert_id, command),
  'alerts.ackAll': ({ reason, ...query }, { ports, context }) =>
    acknowledgeAll(ports, context, alertFilterOf(query), reason === undefined ? {} : { reason }),
};
