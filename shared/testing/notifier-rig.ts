import { SCOPES } from '#shared/access/scope.ts';
import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryChannelStateStore } from '#shared/adapters/memory/memory-channel-state-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { sweep } from '#shared/escalation/sweep.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { DeliverPorts, DeliveryReport } from '#shared/notification/deliver-ports.ts';
import { deliver } from '#shared/notification/deliver.ts';
import type { Channel, Delivery, OwnChannel } from '#shared/notification/schema.ts';
import { readWake } from '#shared/notification/wake.ts';
import type { Notice, SendOutcome } from '#shared/ports/channel-sender.ts';
import { listPolicies } from '#shared/escalation/list-policies.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';

import { BUILT_AT, buildAlert, buildDelivery } from './build-alert.ts';

export const RIG_ALERT = buildAlert().alert_id;
/** What the receiver of a channel says to each message, in turn; the last answer repeats. */
export type Answers = Partial<Record<Channel, SendOutcome[]>>;

/** An open alert with deliveries in memory, receivers that record, and a clock that is moved by hand. */
export async function createNotifierRig(deliveries: Partial<Delivery>[], answers: Answers = {}) {
  let now = Date.parse(BUILT_AT);
  let ids = 0;
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => now);
  const journal = createMemoryJournalStore(tables, () => now);
  const channels = createMemoryDocumentStore<OwnChannel>(tables);
  const states = createMemoryChannelStateStore(() => now);
  const policies = createMemoryDocumentStore<EscalationPolicy>(tables);
  const { bus, taken } = createMemoryBus();
  const { timers, given } = createMemoryTimerHint();
  const sent: Notice[] = [];
  const ctx: Context = {
    tenant: 't1',
    actor: 'user:ada',
    scopes: new Set(SCOPES),
    newId: () => `id-${++ids}`,
    correlation_id: 'c-1',
    now: () => now,
  };
  await work.commit({
    changes: [
      { kind: 'alert', row: buildAlert(), expected: 0 },
      ...deliveries.map(
        (fields) => ({ kind: 'delivery', row: buildDelivery(fields), expected: 0 }) as const,
      ),
    ],
    journal: [],
    outbox: [],
  });
  const ports: DeliverPorts = {
    work,
    channels,
    response: async (tenant) => ({
      ...NO_RESPONSE,
      policies: await listPolicies(policies, tenant),
    }),
    states,
    timers,
    dashboardOrigin: 'https://sentry.example',
    sender: {
      async send(notice) {
        sent.push(structuredClone(notice));
        const said = answers[notice.delivery.channel] ?? [];
        return (said.length > 1 ? said.shift() : said[0]) ?? { kind: 'delivered', receipt: 'ok' };
      },
    },
  };
  const run = (channel: Channel, with_: DeliverPorts = ports): Promise<DeliveryReport[]> =>
    deliver(ctx, with_, { alert_id: RIG_ALERT, channel });
  return {
    ctx,
    ports,
    tables,
    work,
    channels,
    states,
    bus,
    taken,
    hints: given,
    sent,
    run,
    advance: (ms: number) => void (now += ms),
    acknowledge: () => acknowledge({ work }, ctx, RIG_ALERT),
    unacknowledge: () => unacknowledge({ work, policies }, ctx, RIG_ALERT),
    resolve: () => resolve({ work }, ctx, RIG_ALERT),
    rows: () => work.listDeliveries('t1', RIG_ALERT),
    row: async (destination = 'pagerduty-primary') => {
      const rows = await work.listDeliveries('t1', RIG_ALERT);
      return rows.find((row) => row.destination === destination)!;
    },
    /** Journal actions so far. */
    actions: () => [...tables.journal.values()].map(({ row }) => row.action),
    /** Sweeps and lets every notifier that was woken run. */
    sweep: async (with_: DeliverPorts = ports) => {
      const from = taken.length;
      await sweep(ctx, {
        work,
        journal,
        bus,
        timers,
        response: (tenant) => ports.response(tenant),
      });
      for (const envelope of taken.slice(from)) {
        const { alert_id } = readWake({ detail: envelope });
        for (const channel of envelope.payload['channels'] as Channel[])
          await deliver(ctx, with_, { alert_id, channel });
      }
    },
  };
}
export type NotifierRig = Awaited<ReturnType<typeof createNotifierRig>>;

export const PAGE = { channel: 'pagerduty', destination: 'pagerduty-primary' } as const;
export const CHAT = { channel: 'slack', destination: 'slack-ops' } as const;
export const MAIL = { channel: 'email', destination: 'email-ops' } as const;
export const HOOK = { channel: 'webhook', destination: 'webhook-audit' } as const;
