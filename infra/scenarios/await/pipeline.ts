import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryChannelStateStore } from '#shared/adapters/memory/memory-channel-state-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { sweep } from '#shared/escalation/sweep.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { escalateIncident } from '#shared/incident/escalate.ts';
import { IncidentSettings } from '#shared/incident/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { deliver } from '#shared/notification/deliver.ts';
import type { Channel } from '#shared/notification/schema.ts';
import { readWake } from '#shared/notification/wake.ts';
import { publishOutbox } from '#shared/outbox/publish.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness, SIGNING_KEY } from '#shared/testing/detect-harness.ts';
import { createFate, gated, type Gate } from '#shared/testing/gate.ts';
import { processBatch } from '#shared/detection/process-batch.ts';

const MINUTE_MS = 60_000;
const TENANCY = { default_tenant: 't1', signing_key: SIGNING_KEY };

/** Two channels at once, a third after a minute. */
const POLICY = buildPolicy({
  steps: [
    {
      delay_minutes: 0,
      targets: [
        { channel: 'pagerduty', destination: 'pagerduty-primary' },
        { channel: 'slack', destination: 'slack-ops' },
      ],
    },
    { delay_minutes: 1, targets: [{ channel: 'webhook', destination: 'webhook-audit' }] },
  ],
});
const RULES: ResponseRules = {
  ...NO_RESPONSE,
  policies: [POLICY],
  incidents: IncidentSettings.parse({}),
};

/**
 * The verbs of production from the stream to the receivers, over stores in memory, every await of which
 * passes one gate. The process that comes to await number `dies` is gone; what started it starts it
 * again where the system promises so: the stream, the sweep, a client that had no answer.
 */
export function createPipeline(dies: number) {
  const harness = createDetectHarness([buildRule()]);
  const { clock, tables, ports: detectPorts } = harness;
  const journal = createMemoryJournalStore(tables, () => clock.now);
  const states = createMemoryChannelStateStore(() => clock.now);
  const { bus, taken } = createMemoryBus();
  const fate = createFate(dies);
  const messages: Notice[] = [];
  let read = 0;
  let sequence = 0;
  let processes = 0;
  let death: string | undefined;

  /** Everything a process can await, behind its gate. */
  function portsBehind(gate: Gate) {
    const behind = <Port extends object>(port: Port, name: string) => gated(port, gate, name);
    const response = behind({ read: async () => RULES }, 'response').read;
    return {
      ...detectPorts,
      work: behind(detectPorts.work, 'work'),
      feed: behind(detectPorts.feed, 'feed'),
      activity: behind(harness.activity, 'activity'),
      journal: behind(journal, 'journal'),
      bus: behind(bus, 'bus'),
      states: behind(states, 'states'),
      channels: behind({ get: async () => undefined }, 'channels'),
      timers: behind({ hint: async () => undefined }, 'timers'),
      sender: behind(
        {
          send: async (notice: Notice) => {
            messages.push(structuredClone(notice));
            return { kind: 'delivered' as const, receipt: 'ok' };
          },
        },
        'sender',
      ),
      dashboardOrigin: 'https://sentry.example',
      response: () => response(),
    };
  }
  type Ports = ReturnType<typeof portsBehind>;

  /** Runs a process of its own; false when it died. */
  async function run(
    verb: (ports: Ports, ctx: Context) => Promise<unknown>,
    actor = 'system:test',
  ): Promise<boolean> {
    const { gate, died } = fate.begin();
    const name = `process-${++processes}`;
    let made = 0;
    const newId = () => `${name}-${++made}`;
    const done = verb(portsBehind(gate), buildContext(clock, { actor, newId }));
    return Promise.race([
      done.then(() => true),
      died.then((where) => {
        death = `${where} of ${name}`;
        return false;
      }),
    ]);
  }

  /** Runs it again until it lives, as whoever never had an answer does. */
  async function insist(verb: (ports: Ports, ctx: Context) => Promise<unknown>, actor?: string) {
    if (!(await run(verb, actor))) await run(verb, actor);
  }

  /** What the journal's stream and the bus set off, until nothing new comes; what dies is not started again. */
  async function settle(): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      const fresh = [...tables.outbox.values()].filter(({ outbox_id }) => !tried.has(outbox_id));
      for (const { outbox_id } of fresh) tried.add(outbox_id);
      if (fresh.length > 0) await run((ports) => publishOutbox(ports, fresh));
      const envelopes = taken.slice(read);
      read = taken.length;
      if (fresh.length === 0 && envelopes.length === 0) return;
      for (const envelope of envelopes)
        for (const channel of (envelope.payload['channels'] ?? []) as Channel[]) {
          const { alert_id } = readWake({ detail: envelope });
          await run((ports, ctx) => deliver(ctx, ports, { alert_id, channel }));
        }
    }
  }

  return {
    tables,
    messages,
    passed: fate.passed,
    death: () => death,
    /** One batch of one event, as often as it takes. */
    async detect(event: EventRecord): Promise<void> {
      const record = buildRecord(++sequence, event);
      await insist((ports, ctx) => processBatch(ports, ctx, [record], TENANCY), 'system:detect');
      await settle();
    },
    async acknowledge(alertId: string): Promise<void> {
      await insist((ports, ctx) => acknowledge(ports, ctx, alertId), 'user:ada');
      await settle();
    },
    async resolve(alertId: string): Promise<void> {
      await insist((ports, ctx) => resolve(ports, ctx, alertId), 'user:ada');
      await settle();
    },
    async escalate(incidentId: string): Promise<void> {
      await insist((ports, ctx) => {
        const around = { work: ports.work, response: () => ports.response() };
        return escalateIncident(around, ctx, incidentId, { request_id: 'r-1' });
      }, 'user:ada');
      await settle();
    },
    /** A minute and a bit pass, and the sweep comes. */
    async minute(): Promise<void> {
      clock.now += MINUTE_MS + 1000;
      await run((ports, ctx) => sweep(ctx, ports), 'system:escalate');
      await settle();
    },
  };
}
export type Pipeline = ReturnType<typeof createPipeline>;
