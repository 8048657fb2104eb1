import type { Alert } from '#shared/alert/schema.ts';
import { alertId } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Commit } from '#shared/ports/work-store.ts';

import type { Rows } from './rows.ts';
import type { State } from './state.ts';

/** What must hold, in the words a report uses (reliability.md §7). */
export const INVARIANTS = [
  'no lost alert',
  'no lost notification',
  'no lost escalation',
  'no page decided after an ack',
  'sends ≤ 1 + crashes + lost answers',
  'one alert per group',
  'each event counted once',
  'no state goes backwards',
  'no timer outlives its alert being OPEN',
  'journal entry and outbox row for each change',
  'everything comes to rest',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Breach {
  invariant: Invariant;
  detail: string;
}

const ORDER = { OPEN: 0, ACK: 1, RESOLVED: 2 } as const;
/** Entries that say why an alert is less far than it was. */
const BACK: Readonly<Record<string, string>> = {
  'alert.reopen': 'RESOLVED→OPEN',
  'alert.unacknowledge': 'ACK→OPEN',
  'alert.ack_timeout': 'ACK→OPEN',
};

/** What is wrong with a commit that was taken, given the rows before it. */
export function judgeCommit(rows: Rows, before: State, commit: Commit): Breach | undefined {
  for (const change of commit.changes) {
    if (change.kind !== 'alert') continue;
    const former = rows.at(before.shelf, 'alert', change.row.alert_id).row as Alert | undefined;
    const breach = judgeMove(former, change.row, commit) ?? judgeWords(former, change.row, commit);
    if (breach) return breach;
  }
  return undefined;
}

function judgeMove(former: Alert | undefined, alert: Alert, commit: Commit): Breach | undefined {
  if (!former || ORDER[alert.state] >= ORDER[former.state]) return undefined;
  const move = `${former.state}→${alert.state}`;
  if (commit.journal.some(({ action }) => BACK[action] === move)) return undefined;
  return { invariant: 'no state goes backwards', detail: `${move} by a late writer` };
}

function judgeWords(former: Alert | undefined, alert: Alert, commit: Commit): Breach | undefined {
  const changed =
    former?.state !== alert.state ||
    former.severity !== alert.severity ||
    former.escalation_level !== alert.escalation_level;
  if (!changed || (commit.journal.length > 0 && commit.outbox.length > 0)) return undefined;
  const detail = `${former?.state ?? 'nothing'} → ${alert.state} with ${commit.journal.length} entries and ${commit.outbox.length} outbox rows`;
  return { invariant: 'journal entry and outbox row for each change', detail };
}

/** What is wrong with a message that goes out now. */
export function judgeSend(rows: Rows, state: State, delivery: Delivery): Breach | undefined {
  const { alert_id, delivery_key } = delivery;
  const alert = rows.at(state.shelf, 'alert', alert_id).row as Alert | undefined;
  const said = delivery.desired;
  if (said === 'trigger' && alert?.state !== 'OPEN')
    return {
      invariant: 'no page decided after an ack',
      detail: `${delivery_key} is told of an alert that is ${alert?.state ?? 'gone'}`,
    };
  const triggers = (state.told[delivery_key]?.triggers ?? 0) + Number(said === 'trigger');
  const { crashes, lostAnswers } = state.spent;
  const most = 1 + crashes + lostAnswers + state.revivals;
  if (triggers <= most) return undefined;
  return {
    invariant: 'sends ≤ 1 + crashes + lost answers',
    detail: `${delivery_key} is triggered ${triggers} times after ${crashes} crashes and ${lostAnswers} lost answers`,
  };
}

/** What is wrong with a moment, whatever comes next. */
export function judgeMoment(rows: Rows, state: State): Breach | undefined {
  const alerts = rows.of(state.shelf, 'alert').rows;
  for (const alert of alerts) {
    const { tenant, rule_id, group_key, episode } = alert;
    if (alerts.length > 1 || alert.alert_id !== alertId(tenant, rule_id, group_key, episode))
      return {
        invariant: 'one alert per group',
        detail: `${alerts.length} alerts of one group, one of them ${alert.alert_id}`,
      };
    if (alert.count > state.produced)
      return {
        invariant: 'each event counted once',
        detail: `${alert.count} counted of ${state.produced} events`,
      };
    if (alert.state === 'OPEN') continue;
    const timers = rows.of(state.shelf, 'timer', alert.alert_id).rows;
    const left = timers.find(({ kind }) => kind === 'escalate');
    if (left)
      return {
        invariant: 'no timer outlives its alert being OPEN',
        detail: `step ${left.step} stays due though the alert is ${alert.state}`,
      };
  }
  return undefined;
}

const HEARD = { OPEN: 'trigger', ACK: 'acknowledge', RESOLVED: 'resolve' } as const;

/** What is missing once nothing moves any more. */
export function judgeRest(rows: Rows, state: State, steps: number): Breach | undefined {
  const alerts = rows.of(state.shelf, 'alert').rows;
  const [alert] = alerts;
  if (state.produced > 0 && !alert)
    return { invariant: 'no lost alert', detail: `${state.produced} events, no alert` };
  if (!alert) return undefined;
  if (alert.count < state.produced)
    return {
      invariant: 'each event counted once',
      detail: `${alert.count} counted of ${state.produced} events`,
    };
  if (alert.state === 'OPEN' && alert.escalation_level < steps)
    return {
      invariant: 'no lost escalation',
      detail: `OPEN, and at rest at level ${alert.escalation_level}`,
    };
  for (const delivery of rows.of(state.shelf, 'delivery', alert.alert_id).rows) {
    const { delivery_key, channel } = delivery;
    const last = state.told[delivery_key]?.last;
    const wanted = HEARD[alert.state];
    // Mail is told of the opening only; whoever never heard of the alert need not hear of its end.
    const isDone = alert.state !== 'OPEN' && (channel === 'email' || last === undefined);
    if (isDone || last === wanted) continue;
    return {
      invariant: 'no lost notification',
      detail: `${delivery_key} was last told ${last ?? 'nothing'}, the alert is ${alert.state}`,
    };
  }
  return undefined;
}
