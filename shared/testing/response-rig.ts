import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { readRaiseRows } from '#shared/alert/raise.ts';
import { decideRecovery, readStanding } from '#shared/alert/recover.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Finding } from '#shared/alert/finding.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import { sentenceOf } from '#shared/audit/sentence.ts';
import { raiseOwn } from '#shared/detection/raise-own.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { takeTimer } from '#shared/escalation/take-timer.ts';
import { sourcesOf } from '#shared/inhibition/find-inhibitors.ts';
import { recheckAlerts, type Rechecked } from '#shared/response/recheck-alerts.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildContext } from './build-context.ts';
import { buildFinding, buildPolicy } from './build-finding.ts';

/** The life of alerts in memory under rules that a test changes, with a clock that is moved by hand. */
export function createResponseRig(rules: Partial<ResponseRules> = {}) {
  const clock = { now: Date.parse(BUILT_AT) };
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const journal = createMemoryJournalStore(tables, () => clock.now);
  const { timers } = createMemoryTimerHint();
  const ctx = buildContext(clock);
  let inForce: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()], ...rules };
  const response = async (): Promise<ResponseRules> => {
    const active = [...tables.alerts.values()].map(({ row }) => row);
    const inhibitors = sourcesOf(
      inForce.inhibitions,
      active.filter(({ state }) => state !== 'RESOLVED'),
    );
    return { ...inForce, inhibitors };
  };
  const ports = { work, response, timers };
  const only = (): Alert => {
    const [kept] = [...tables.alerts.values()];
    return structuredClone(kept!.row);
  };
  const newest = (): Alert => {
    const alerts = [...tables.alerts.values()].map(({ row }) => row);
    return structuredClone(alerts.sort((a, b) => a.episode - b.episode).at(-1)!);
  };
  return {
    clock,
    ctx,
    tables,
    ports,
    only,
    /** Puts other rules in force, and nothing more. */
    use: (others: Partial<ResponseRules>) => void (inForce = { ...inForce, ...others }),
    /** A finding of one more event. */
    find: async (finding: Partial<Finding> = {}) =>
      raiseOwn(work, ctx, buildFinding(finding), await response()),
    /** Somebody changed a silence, window or inhibition. */
    changed: (reason: string, id: string): Promise<Rechecked> =>
      recheckAlerts(ports, ctx, { reason, id }),
    acknowledge: () => acknowledge(ports, ctx, only().alert_id),
    unacknowledge: () => {
      const store = createMemoryDocumentStore<EscalationPolicy>(tables);
      const policies = { ...store, list: async () => [...inForce.policies] };
      return unacknowledge({ work, policies }, ctx, only().alert_id);
    },
    resolve: (alertId = only().alert_id) => resolve(ports, ctx, alertId),
    newest,
    /** Its detector says that the newest alert is over. */
    async recover(): Promise<void> {
      const group = { rule_id: newest().rule_id, group_key: newest().group_key };
      const [rows = {}] = await readRaiseRows(work, ctx.tenant, [group]);
      const standing = await readStanding(work, ctx.tenant, rows);
      await work.commit(decideRecovery(standing, 'it is over', ctx)!.commit);
    },
    /** Moves the clock on to an instant, taking every timer when it is due, each as often as told. */
    async until(instant: string, times = 1): Promise<void> {
      const end = Date.parse(instant);
      for (;;) {
        const due = [...tables.timers.values()]
          .map(({ row }) => row)
          .filter(({ due_at }) => Date.parse(due_at) <= end)
          .sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
        const [next] = due;
        if (!next) break;
        clock.now = Math.max(clock.now, Date.parse(next.due_at));
        for (let time = 0; time < times; time++) await takeTimer(ctx, ports, next);
      }
      clock.now = end;
    },
    /** Destinations told so far, in order of step. */
    told: () =>
      [...tables.deliveries.values()]
        .map(({ row }) => row)
        .sort((a, b) => a.step - b.step)
        .map(({ step, destination }) => `${step} ${destination}`),
    timers: () =>
      [...tables.timers.values()].map(({ row }) => `${row.kind} ${row.due_at.slice(11, 16)}`),
    /** The timeline of the first alert. */
    async story(): Promise<string[]> {
      const subject = { kind: 'alert', id: only().alert_id };
      const { items } = await journal.listEntries('t1', subject, { limit: 100 });
      return items.map(sentenceOf);
    },
  };
}
