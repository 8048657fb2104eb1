import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { raiseOwn } from '#shared/detection/raise-own.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { takeTimer } from '#shared/escalation/take-timer.ts';
import { GROUP_RULE_ID } from '#shared/grouping/group-of.ts';
import { type AlertGroup, Grouping, type GroupMessage } from '#shared/grouping/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import { recheckAlerts } from '#shared/response/recheck-alerts.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildContext } from './build-context.ts';
import { buildEvent, buildFinding, buildPolicy, buildRule } from './build-finding.ts';

/** What a message of a group said, in the names of the test. */
export interface Told extends Pick<GroupMessage, 'number' | 'reason'> {
  /** Seconds since the rig began. */
  at: number;
  firing: string[];
  resolved: string[];
}

/** Alerts of one policy with grouping over memory stores, the verbs of production, and a clock moved by hand. */
export function createGroupRig(
  grouping: Partial<Grouping> = {},
  policy: Partial<EscalationPolicy> = {},
) {
  const start = Date.parse(BUILT_AT);
  const clock = { now: start };
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const ctx = buildContext(clock);
  const { timers } = createMemoryTimerHint();
  const rules: ResponseRules = {
    ...NO_RESPONSE,
    policies: [buildPolicy({ grouping: Grouping.parse(grouping), ...policy })],
  };
  const response = () => Promise.resolve(rules);
  const names = new Map<string, string>();
  const rowsOf = <Row>(table: Map<string, { row: Row }>) =>
    [...table.values()].map(({ row }) => row);
  const nameOf = (id: string) => names.get(id) ?? id;
  let events = 0;

  function alertOf(name: string): Alert {
    const found = rowsOf(tables.alerts).filter(({ group_key }) => group_key === name);
    return found.sort((a, b) => b.episode - a.episode)[0]!;
  }
  async function fire(name: string, severity: Severity = 'ERROR', service = 'checkout') {
    const finding = buildFinding({
      rule: buildRule({ rule_id: 'cpu-high', severity, reopen_window_seconds: 86_400 }),
      group_key: name,
      group: { host: name },
      title: `CPU of ${name}`,
      events: [buildEvent(++events, { service })],
    });
    await raiseOwn(work, buildContext(clock, { actor: 'system:detect' }), finding, rules);
    names.set(alertOf(name).alert_id, name);
    return alertOf(name);
  }
  const own = (): Alert | undefined =>
    rowsOf(tables.alerts)
      .filter(({ rule_id }) => rule_id === GROUP_RULE_ID)
      .sort((a, b) => b.episode - a.episode)[0];

  /** Takes everything that falls due in so many seconds, each at its time. */
  async function pass(seconds: number): Promise<void> {
    const goal = clock.now + Math.round(seconds * 1000);
    for (;;) {
      const due = rowsOf(tables.timers)
        .filter(({ due_at }) => Date.parse(due_at) <= goal)
        .sort((a, b) => a.due_at.localeCompare(b.due_at))[0];
      if (!due) break;
      clock.now = Math.max(clock.now, Date.parse(due.due_at));
      await takeTimer(ctx, { work, response, timers }, due);
    }
    clock.now = goal;
  }

  return {
    clock,
    tables,
    work,
    ctx,
    rules,
    timers,
    response,
    fire,
    alertOf,
    /** The alert through which the group speaks. */
    own,
    pass,
    take: (name: { alert_id: string; kind: 'group' | 'escalate'; step: number }) =>
      takeTimer(ctx, { work, response, timers }, name),
    recheck: (id: string, reason = 'silence') =>
      recheckAlerts({ work, response }, ctx, { reason, id }),
    ack: (name: string) => acknowledge({ work }, ctx, alertOf(name).alert_id),
    over: (name: string) => resolve({ work }, ctx, alertOf(name).alert_id),
    groups: (): AlertGroup[] => rowsOf(tables.alertGroups),
    deliveries: () => rowsOf(tables.deliveries),
    timersOf: (kind: string) => rowsOf(tables.timers).filter((row) => row.kind === kind),
    /** Every message so far, in order. */
    told: (): Told[] =>
      rowsOf(tables.journal)
        .filter(({ action }) => action === 'alert_group.message')
        .map(({ after }) => after as unknown as GroupMessage)
        .map(({ number, reason, at, firing, resolved }) => ({
          number,
          reason,
          at: (Date.parse(at) - start) / 1000,
          firing: firing.map(nameOf).toSorted(),
          resolved: resolved.map(nameOf).toSorted(),
        })),
  };
}
export type GroupRig = ReturnType<typeof createGroupRig>;
