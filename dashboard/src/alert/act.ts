import type { Alert } from '#shared/alert/schema.ts';
import type { AlertLine } from '#shared/live/schema.ts';

import type { Call } from '#dashboard/api/http.ts';
import { ApiError, reasonOf } from '#dashboard/api/problem.ts';
import { ageWords } from '#dashboard/shell/format.ts';

import type { ListFilter } from './filter.ts';
import type { AlertPatch, AlertStore } from './store.ts';

export type AlertAction = 'ack' | 'unack' | 'resolve';

/** What a person can do to alerts; each says by itself how it ended. */
export interface AlertActions {
  run(action: AlertAction, alertId: string): Promise<boolean>;
  assign(alertId: string, to: string | null): Promise<boolean>;
  /** The same for many, a few at a time. */
  runAll(action: AlertAction, alertIds: readonly string[]): Promise<void>;
  acknowledgeAll(filter: ListFilter): Promise<void>;
  /** One level higher: that of its incident, which is made when there is none. */
  escalate(alertId: string): Promise<void>;
}

export interface ActionPorts {
  call: Call;
  store: AlertStore;
  actor: string;
  now(): number;
  /** Tells the person; `undo` takes it back for as long as that is shown. Returns the way to unsay it. */
  say: (kind: 'done' | 'failed', text: string, undo?: () => void) => () => void;
  requestId(): string;
}

const LANES = 4;
const PAST: Readonly<Record<AlertAction, string>> = {
  ack: 'acknowledged',
  unack: 'put back to open',
  resolve: 'resolved',
};

/** Whether an action does anything to an alert in this state (domain.md §3). */
export function isDue(action: AlertAction, state: AlertLine['state']): boolean {
  if (action === 'ack') return state === 'OPEN';
  if (action === 'unack') return state === 'ACK';
  return state !== 'RESOLVED';
}

/** Actions that show at once what they will do, and take it back with the reason when refused. */
export function createAlertActions(ports: ActionPorts): AlertActions {
  const { call, store, say } = ports;

  async function change(
    alertId: string,
    patch: AlertPatch,
    request: (ifVersion: { if_version?: number }) => Promise<Alert>,
  ): Promise<ApiError | undefined> {
    const seen = store.get(alertId);
    const undo = store.patch(alertId, patch);
    try {
      store.merge([lineOf(await send(request, seen))]);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) {
        if (isAlert(error.current)) store.merge([lineOf(error.current)]);
        return error;
      }
      return new ApiError('internal', reasonOf(error));
    } finally {
      undo();
    }
  }

  async function runOne(action: AlertAction, alertId: string): Promise<ApiError | undefined> {
    return change(alertId, patchOf(action, ports.actor), (ifVersion) =>
      call(`alerts.${action}`, { alert_id: alertId, ...ifVersion }),
    );
  }

  function explain(error: ApiError): string {
    const current = error.code === 'conflict' ? error.current : undefined;
    return isAlert(current) ? whoWasFaster(current, ports.now()) : error.message;
  }

  async function runMany(action: AlertAction, alertIds: readonly string[]): Promise<void> {
    const queue = [...alertIds];
    const done: string[] = [];
    let failure: ApiError | undefined;
    const lane = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const error = await runOne(action, id);
        if (error) failure ??= error;
        else done.push(id);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const undo =
      action === 'ack' && done.length > 0 ? () => void runMany('unack', done) : undefined;
    const rest = alertIds.length - done.length;
    if (!failure) say('done', `${plural(done.length)} ${PAST[action]}.`, undo);
    else
      say(
        'failed',
        `${plural(done.length)} ${PAST[action]}, ${rest} not: ${explain(failure)}`,
        undo,
      );
  }

  /** Says at once what an acknowledgement shows at once: whoever meant another alert finds the way back. */
  function offerUndo(alertId: string, pending: Promise<ApiError | undefined>): () => void {
    const undo = async () => {
      const error = (await pending) ?? (await runOne('unack', alertId));
      if (error) say('failed', `Not put back: ${explain(error)}`);
    };
    const title = store.get(alertId)?.title ?? alertId;
    return say('done', `Acknowledged: ${title}`, () => void undo());
  }

  return {
    async run(action, alertId) {
      const pending = runOne(action, alertId);
      const unsay = action === 'ack' ? offerUndo(alertId, pending) : undefined;
      const error = await pending;
      if (!error) return true;
      unsay?.();
      say('failed', `Not ${PAST[action]}: ${explain(error)}`);
      return false;
    },

    async assign(alertId, to) {
      const error = await change(alertId, { assigned_to: to ?? undefined }, (ifVersion) =>
        call('alerts.assign', { alert_id: alertId, assigned_to: to, ...ifVersion }),
      );
      if (error) say('failed', `Not assigned: ${explain(error)}`);
      return error === undefined;
    },

    runAll: runMany,

    async acknowledgeAll(filter) {
      const total = { acknowledged: 0, skipped: 0, failed: 0 };
      try {
        for (let isMore = true; isMore;) {
          const part = await call('alerts.ackAll', {
            ...(filter.severities.length > 0 && { severity: [...filter.severities] }),
            ...(filter.services.length > 0 && { service: [...filter.services] }),
            ...(filter.q.trim() !== '' && { q: filter.q.trim() }),
          });
          total.acknowledged += part.acknowledged;
          total.skipped += part.skipped;
          total.failed += part.failed;
          isMore = part.remaining > 0 && part.acknowledged > 0;
        }
      } catch (error) {
        say('failed', `After ${plural(total.acknowledged)}: ${reasonOf(error)}`);
        return;
      }
      const skipped = total.skipped > 0 ? ` Somebody else was faster at ${total.skipped}.` : '';
      const failed = total.failed > 0 ? ` ${total.failed} could not be changed now.` : '';
      say(
        failed ? 'failed' : 'done',
        `${plural(total.acknowledged)} acknowledged.${skipped}${failed}`,
      );
    },

    async escalate(alertId) {
      const held = store.get(alertId)?.incident_id;
      try {
        if (held === undefined) {
          const { escalation_level } = await call('incidents.open', { alert_ids: [alertId] });
          say('done', `An incident is open, at level ${escalation_level}.`);
          return;
        }
        const { escalation_level } = await call('incidents.escalate', {
          incident_id: held,
          request_id: ports.requestId(),
        });
        say('done', `The incident is at level ${escalation_level} now.`);
      } catch (error) {
        say('failed', `Not escalated: ${reasonOf(error)}`);
      }
    },
  };
}

/**
 * Sends with the version the person saw. When only something else changed meanwhile (a severity, an
 * assignee) the person's wish still stands and goes again without it.
 */
async function send(
  request: (ifVersion: { if_version?: number }) => Promise<Alert>,
  seen: AlertLine | undefined,
): Promise<Alert> {
  try {
    return await request(seen ? { if_version: seen.version } : {});
  } catch (error) {
    const isSameState =
      error instanceof ApiError && isAlert(error.current) && error.current.state === seen?.state;
    if (!isSameState) throw error;
    return request({});
  }
}

function patchOf(action: AlertAction, actor: string): AlertPatch {
  if (action === 'ack') return { state: 'ACK', acknowledged_by: actor };
  if (action === 'resolve') return { state: 'RESOLVED', resolved_by: actor };
  return { state: 'OPEN', acknowledged_by: undefined };
}

/** Who changed the alert before us, and when. */
export function whoWasFaster(alert: Alert, now: number): string {
  const ago = `${ageWords(now - Date.parse(alert.updated_at))} ago`;
  if (alert.state === 'ACK' && alert.acknowledged_by)
    return `${alert.acknowledged_by} acknowledged it ${ago}.`;
  if (alert.state === 'RESOLVED') return `${alert.resolved_by ?? 'Somebody'} resolved it ${ago}.`;
  return `it is ${alert.state} since ${ago}.`;
}

function lineOf({ evidence: _evidence, explain: _explain, ...line }: Alert): AlertLine {
  return line;
}

function isAlert(value: unknown): value is Alert {
  return typeof value === 'object' && value !== null && 'alert_id' in value && 'revision' in value;
}

function plural(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`;
}
