import type { JournalEntry } from '#shared/audit/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { digestUuid, groupKey } from '#shared/kernel/id.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { hold } from '#shared/quarantine/hold.ts';
import { recordRule } from '#shared/rule/record-rule.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

import type { FaultedEvents } from './collect-series.ts';
import type { CommitPorts } from './commit-series.ts';
import { raiseOwn } from './raise-own.ts';

/** Faults in a row after which a rule is taken out of service. */
const FAULTS_MAX = 20;
/** How often a lost race is decided again. */
const ATTEMPTS_MAX = 5;

/** How often each rule threw since it last worked, kept by the process: `<tenant> <rule_id>` → events. */
type FaultCounts = Map<string, number>;

export interface RuleFaultPorts {
  work: WorkStore;
  quarantine: QuarantineStore;
  rules: RuleStore;
  fault_counts: FaultCounts;
}

/** The alert that a rule of the tenant was taken out of service. */
const WATCHDOG = DetectionRule.parse({
  rule_id: 'sentry-rule-fault',
  name: 'A detection rule keeps failing',
  severity: 'ERROR',
  category: 'operational',
  pattern: { type: ['sentry.rule_fault'] },
  detector: { kind: 'match' },
  group_by: ['rule_id'],
  title: 'A detection rule was disabled',
});

/** A rule that worked begins its count of faults anew. */
export function forgiveRule(counts: FaultCounts, tenant: string, ruleId: string): void {
  counts.delete(`${tenant} ${ruleId}`);
}

/**
 * A rule that throws never counts as "no match": its events go to quarantine, the journal of the rule
 * says why, and after 20 events in a row the rule is disabled, with an alert of its own. Throws
 * `unavailable` when that could not be written; doing it twice changes nothing.
 */
export async function reportRuleFaults(
  ports: RuleFaultPorts,
  ctx: Omit<Context, 'tenant'>,
  faults: readonly FaultedEvents[],
  response: CommitPorts['response'],
): Promise<void> {
  await quarantineFaults(ports, ctx, faults);
  for (const some of Map.groupBy(faults, (one) => `${one.tenant} ${one.rule_id}`).values()) {
    const { tenant, rule_id } = some[0]!;
    const own: Context = { ...ctx, tenant };
    await noteFault(ports, own, some[0]!);
    const events = some.reduce((sum, { events: found }) => sum + found.length, 0);
    const count = (ports.fault_counts.get(`${tenant} ${rule_id}`) ?? 0) + events;
    ports.fault_counts.set(`${tenant} ${rule_id}`, count);
    if (count < FAULTS_MAX) continue;
    await disableRule(ports.rules, own, some[0]!, count);
    await alertDisabled(ports, own, some[0]!, await response(tenant));
    ports.fault_counts.delete(`${tenant} ${rule_id}`);
  }
}

async function quarantineFaults(
  ports: RuleFaultPorts,
  ctx: Omit<Context, 'tenant'>,
  faults: readonly FaultedEvents[],
): Promise<void> {
  const refused = faults.flatMap(({ tenant, rule_id, detail, events }) =>
    events.map(({ record, event }) => ({
      tenant,
      origin: 'kinesis' as const,
      reason: 'rule_fault',
      detail: `rule ${rule_id}: ${detail}`.slice(0, 500),
      raw: Buffer.from(JSON.stringify(event)),
      shard: record.shard,
      sequence: record.sequence,
    })),
  );
  await hold(refused, ctx, ports.quarantine);
}

/** One journal entry per rule and batch; its id and time follow from the record, so redelivery adds none. */
async function noteFault(ports: RuleFaultPorts, ctx: Context, fault: FaultedEvents): Promise<void> {
  const { record, event } = fault.events[0]!;
  const entry: JournalEntry = {
    entry_id: digestUuid('rule.fault', ctx.tenant, fault.rule_id, record.shard, record.sequence),
    tenant: ctx.tenant,
    subject: { kind: 'rule', id: fault.rule_id },
    action: 'rule.fault',
    actor: ctx.actor,
    at: new Date(record.arrived_at_ms).toISOString(),
    after: { event_id: event.event_id, error: fault.detail.slice(0, 500) },
    correlation_id: ctx.correlation_id,
    security_level: 'internal',
  };
  try {
    await ports.work.commit({ changes: [], journal: [entry], outbox: [] });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

async function disableRule(
  rules: RuleStore,
  ctx: Context,
  fault: FaultedEvents,
  count: number,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const before = await rules.get(ctx.tenant, fault.rule_id);
    if (!before || (before.state !== 'ENABLED' && before.state !== 'STAGED')) return;
    const rule: DetectionRule = {
      ...before,
      state: 'DISABLED',
      version: before.version + 1,
      author: ctx.actor,
      reason: `It failed on ${count} events in a row: ${fault.detail}`.slice(0, 500),
      updated_at: new Date(ctx.now()).toISOString(),
    };
    try {
      await rules.save(ctx.tenant, recordRule(ctx, before, rule, 'rule.update'));
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

async function alertDisabled(
  ports: RuleFaultPorts,
  ctx: Context,
  fault: FaultedEvents,
  response: Awaited<ReturnType<CommitPorts['response']>>,
): Promise<void> {
  const finding = {
    rule: WATCHDOG,
    group_key: groupKey([fault.rule_id]),
    group: { rule_id: fault.rule_id },
    title: `Detection rule ${fault.rule_id} was disabled because it keeps failing`,
    occurrences: 1,
    explain: {
      detector: 'rule fault',
      summary: `rule ${fault.rule_id} failed on ${FAULTS_MAX} or more events in a row`,
      expected: 'a rule never throws',
      observed: fault.detail.slice(0, 500),
    },
    events: fault.events.slice(0, 1).map(({ event }) => event),
  };
  await raiseOwn(ports.work, ctx, finding, response);
}

function isConflict(error: unknown): boolean {
  return error instanceof SentryError && error.code === 'conflict';
}
