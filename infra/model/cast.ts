import { createMemoryQuarantineStore } from '#shared/adapters/memory/memory-quarantine-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import type { OutboxRow } from '#shared/audit/schema.ts';
import { processBatch } from '#shared/detection/process-batch.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { takeTimer, type TimerName } from '#shared/escalation/take-timer.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { DeliverPorts } from '#shared/notification/deliver-ports.ts';
import { deliver } from '#shared/notification/deliver.ts';
import type { Channel } from '#shared/notification/schema.ts';
import { publishOutbox } from '#shared/outbox/publish.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import { buildPolicy, buildRule } from '#shared/testing/build-finding.ts';

/** What a process of the model can ask of the world. */
export interface WorldPorts {
  work: DeliverPorts['work'];
  sender: DeliverPorts['sender'];
  bus: MessageBus;
  journal: Pick<JournalStore, 'deleteOutbox'>;
}

/** Who plays: each part is a verb of production, or a naive one that a test puts in its place. */
export interface Cast {
  detect: (ports: WorldPorts, ctx: Context, record: StreamRecord) => Promise<unknown>;
  publish: (ports: WorldPorts, ctx: Context, row: OutboxRow) => Promise<unknown>;
  notify: (
    ports: WorldPorts,
    ctx: Context,
    target: { alert_id: string; channel: Channel },
  ) => Promise<unknown>;
  takeTimer: (ports: WorldPorts, ctx: Context, timer: TimerName) => Promise<unknown>;
  acknowledge: (ports: WorldPorts, ctx: Context, alertId: string) => Promise<unknown>;
  unacknowledge: (ports: WorldPorts, ctx: Context, alertId: string) => Promise<unknown>;
  resolve: (ports: WorldPorts, ctx: Context, alertId: string) => Promise<unknown>;
  /** Whether anybody looks once a minute for what was left undone. */
  sweeps: boolean;
  /** When the stream forgets a batch: once it is done, or as it is handed out. */
  checkpoint: 'after' | 'before';
  /** Whose commits ask for no revision. */
  unconditional: readonly string[];
}

/** The rule that events match; what comes back within a day is the same alert again. */
const RULE_SET = compileRuleSet([buildRule({ reopen_window_seconds: 86_400 })]);
const TENANCY = { default_tenant: 't1', signing_key: 'unused' };

/** Destinations by their channel: PagerDuty and webhooks know a repetition by its key, mail does not. */
export const DESTINATIONS = {
  pagerduty: 'pagerduty-primary',
  email: 'email-ops',
  webhook: 'webhook-audit',
} as const;
export type Destination = keyof typeof DESTINATIONS;

/** A policy of steps a minute apart. */
function policyOf(steps: readonly (readonly Destination[])[]): EscalationPolicy {
  return buildPolicy({
    steps: steps.map((channels, index) => ({
      delay_minutes: Math.min(index, 1),
      targets: channels.map((channel) => ({ channel, destination: DESTINATIONS[channel] })),
    })),
  });
}

const nothing = () => Promise.resolve();
/** Hints may be lost: here all of them are, and the sweep comes at any time that something is due. */
const timers = { hint: nothing };

/** What asks nothing of the world: rules, channels and paces stand still, counters concern nobody. */
const still = {
  response: () => Promise.resolve(NO_RESPONSE),
  timers,
  channels: { get: () => Promise.resolve(undefined) },
  states: {
    get: () => Promise.resolve(undefined),
    put: nothing,
    count: nothing,
    hours: () => Promise.resolve([]),
  },
  dashboardOrigin: 'https://sentry.example',
} satisfies Omit<DeliverPorts, 'work' | 'sender'>;

/** The ports of a notifier: everything but what it asks of the world stands still. */
export function deliverPorts(ports: Pick<WorldPorts, 'work' | 'sender'>): DeliverPorts {
  return { ...still, ...ports };
}

/** The code that runs in production. */
export function production(steps: readonly (readonly Destination[])[]): Cast {
  const policy = policyOf(steps);
  const rules = { ...NO_RESPONSE, policies: [policy] };
  const response = () => Promise.resolve(rules);
  const policies = { list: () => Promise.resolve([policy]) };
  return {
    detect: ({ work }, ctx, record) =>
      processBatch(
        {
          work,
          response,
          quarantine: createMemoryQuarantineStore(),
          rules: createMemoryRuleStore(createMemoryTables()),
          feed: { put: nothing },
          ruleSet: () => Promise.resolve(RULE_SET),
          pause: nothing,
          fault_counts: new Map(),
          warn: () => undefined,
        },
        ctx,
        [record],
        TENANCY,
      ),
    publish: (ports, _ctx, row) => publishOutbox(ports, [row]),
    notify: (ports, ctx, target) => deliver(ctx, deliverPorts(ports), target),
    takeTimer: ({ work }, ctx, timer) => takeTimer(ctx, { work, response, timers }, timer),
    acknowledge: ({ work }, ctx, alertId) => acknowledge({ work }, ctx, alertId),
    unacknowledge: ({ work }, ctx, alertId) =>
      unacknowledge(
        { work, policies: policies as unknown as DocumentStore<EscalationPolicy> },
        ctx,
        alertId,
      ),
    resolve: ({ work }, ctx, alertId) => resolve({ work }, ctx, alertId),
    sweeps: true,
    checkpoint: 'after',
    unconditional: [],
  };
}
