import { describe, expect, it } from 'vitest';

import { createMemoryLiveStore } from '#shared/adapters/memory/memory-live-store.ts';
import { createMemoryPush } from '#shared/adapters/memory/memory-push.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { Audience } from '#shared/live/audience.ts';
import type { FeedFrame, Subscription } from '#shared/live/schema.ts';
import type { Connection } from '#shared/ports/live-store.ts';
import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';

import { broadcast, type BroadcastPorts } from './broadcast.ts';
import { Pace } from './pace.ts';
import type { StreamEvent } from './read-batch.ts';

const NOW = Date.parse(BUILT_AT);

interface Told {
  connection_id: string;
  message: { method: string; params: { from: number; to: number; items: unknown[] } & FeedFrame };
}

async function createRig() {
  const store = createMemoryLiveStore();
  const push = createMemoryPush();
  const waits: number[] = [];
  const warnings: string[] = [];
  const ports: BroadcastPorts = {
    store,
    push,
    audience: new Audience(),
    pace: new Pace(
      250,
      () => 0,
      (ms) => Promise.resolve(void waits.push(ms)),
    ),
    now: () => NOW,
    warn: (what) => void warnings.push(what),
    count: () => undefined,
  };
  async function watch(id: string, subscription: Subscription, fields: Partial<Connection> = {}) {
    const tenant = fields.tenant ?? 't1';
    await store.putConnection({
      connection_id: id,
      tenant,
      actor: 'user:rosa',
      scopes: ['sentry.read', 'sentry.alert.read', 'sentry.policy.read'],
      token_expires_at: NOW + 1e6,
      connected_at: NOW,
      expires_at: NOW + 1e6,
      subscriptions: [subscription],
      ...fields,
    });
    if (subscription.topic !== 'feed') await store.joinTopic(tenant, subscription.topic, 'e1');
  }
  const told = () => push.sent as Told[];
  return { store, push, ports, waits, warnings, watch, told };
}

let sequence = 0;
const recordOf = (image: Record<string, string>): StreamEvent['Records'][number] => ({
  dynamodb: {
    SequenceNumber: String(++sequence),
    NewImage: Object.fromEntries(Object.entries(image).map(([name, S]) => [name, { S }])),
  },
});
const outboxOf = (payload: object, tenant = 't1') =>
  recordOf({ pk: `OUTBOX#${tenant}#1`, tenant, envelope_json: JSON.stringify({ payload }) });
const touchOf = (alert: Alert) =>
  recordOf({ pk: `T#${alert.tenant}#TOUCH`, alert_json: JSON.stringify(alert) });
const feedOf = (fields: Partial<FeedFrame> = {}) => {
  const event = { event_id: 'e', timestamp: BUILT_AT, source: 's', type: 't', service: 'checkout' };
  const frame: FeedFrame = {
    at: BUILT_AT,
    events: [{ ...event, severity: 'ERROR' }],
    total: 10,
    dropped: 9,
    rate: 10,
    per_service: { checkout: { total: 10, errors: 1 } },
    ...fields,
  };
  return recordOf({ pk: 'T#t1#FEED', frame_json: JSON.stringify(frame) });
};
const batch = (...Records: StreamEvent['Records'][number][]): StreamEvent => ({ Records });
const alerts: Subscription = { topic: 'alerts', filter: {} };

describe('broadcast', () => {
  it('tells each viewer once of a batch, with the newest revision of every alert', async () => {
    const { ports, watch, told } = await createRig();
    await watch('c1', alerts);
    await broadcast(
      batch(
        touchOf(buildAlert({ revision: 2, count: 2 })),
        outboxOf({ alert: buildAlert({ revision: 3, count: 3 }) }),
        touchOf(buildAlert({ revision: 1 })),
        outboxOf({ alert: { alert_id: 'only-a-hint' } }),
      ),
      ports,
    );
    expect(told()).toHaveLength(1);
    expect(told()[0]!.message.params).toMatchObject({
      from: 1,
      to: 1,
      items: [{ revision: 3, count: 3 }],
    });
    expect(JSON.stringify(told())).not.toContain('payload_json');
  });

  it('keeps tenants apart', async () => {
    const { ports, watch, told } = await createRig();
    await watch('c1', alerts);
    await watch('c2', alerts, { tenant: 't2' });
    await broadcast(batch(outboxOf({ alert: buildAlert({ tenant: 't2' }) }, 't2')), ports);
    expect(told().map(({ connection_id }) => connection_id)).toEqual(['c2']);
  });

  it('tells a commit once although outbox and touch both bring it', async () => {
    const { ports, watch, told } = await createRig();
    await watch('c1', alerts);
    await broadcast(batch(outboxOf({ alert: buildAlert() })), ports);
    await broadcast(batch(touchOf(buildAlert())), ports);
    await broadcast(batch(touchOf(buildAlert({ revision: 2 }))), ports);
    expect(told().map(({ message }) => message.params.from)).toEqual([1, 2]);
  });

  it('numbers nothing while nobody ever subscribed', async () => {
    const { ports, store, push } = await createRig();
    await broadcast(batch(outboxOf({ alert: buildAlert() })), ports);
    expect([push.sent, await store.heads('t1', ['alerts'])]).toEqual([[], new Map()]);
  });

  it('tells deliveries and rules to who watches them', async () => {
    const { ports, watch, told } = await createRig();
    await watch('c1', { topic: 'deliveries', filter: {} });
    await watch('c2', { topic: 'deliveries', filter: { alert_id: 'other' } });
    await watch('c3', { topic: 'rules', filter: {} });
    const rule = { rule_id: 'cpu', name: 'CPU', state: 'ENABLED', severity: 'WARN', version: 2 };
    await broadcast(batch(outboxOf({ delivery: buildDelivery() }), outboxOf({ rule })), ports);
    const itemsOf = (id: string) =>
      told().find(({ connection_id }) => connection_id === id)?.message.params.items;
    expect(itemsOf('c1')).toMatchObject([{ destination: 'pagerduty-ops', status: 'QUEUED' }]);
    expect(itemsOf('c2')).toEqual([]);
    expect(itemsOf('c3')).toEqual([rule]);
  });

  it('leaves an unreadable row out, says so, and tells the rest', async () => {
    const { ports, watch, told, warnings } = await createRig();
    await watch('c1', alerts);
    const poison = [
      recordOf({ tenant: 't1', envelope_json: '{' }),
      recordOf({ tenant: 't1', envelope_json: 'null' }),
      recordOf({ envelope_json: '{"payload":{}}' }),
      recordOf({ pk: 'T#a#b#TOUCH', alert_json: '{}' }),
      recordOf({ pk: 'T#t1#FEED', frame_json: '{"events":7}' }),
      { dynamodb: {} },
    ];
    const answer = await broadcast(batch(...poison, touchOf(buildAlert())), ports);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect([told().length, warnings.length]).toEqual([1, 5]);
  });

  it('has the whole batch again when the store fails, and viewers merge what comes twice', async () => {
    const { ports, store, watch, told } = await createRig();
    await watch('c1', alerts);
    const down = () => Promise.reject(new SentryError('unavailable', 'down'));
    ports.store = { ...store, appendFrames: down };
    const event = batch(outboxOf({ alert: buildAlert() }), touchOf(buildAlert({ revision: 2 })));
    expect(await broadcast(event, ports)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[0]!.dynamodb!.SequenceNumber }],
    });
    ports.store = store;
    expect(await broadcast(event, ports)).toEqual({ batchItemFailures: [] });
    expect(told()).toHaveLength(1);
  });

  it('does not push to a viewer whose scopes do not reach the topic', async () => {
    const { ports, watch, push } = await createRig();
    await watch('c1', alerts, { scopes: ['sentry.read'] });
    await broadcast(batch(outboxOf({ alert: buildAlert() })), ports);
    expect(push.sent).toEqual([]);
  });

  it('serves 2,000 viewers of a batch, equal filters from one message', async () => {
    const { ports, watch, told } = await createRig();
    for (let n = 0; n < 2000; n++) await watch(`c${n}`, alerts);
    await broadcast(batch(outboxOf({ alert: buildAlert() })), ports);
    expect(new Set(told().map(({ connection_id }) => connection_id)).size).toBe(2000);
  });
});

describe('the feed', () => {
  it('comes as one push a batch: exact counts, sampled events, chosen by the viewer', async () => {
    const { ports, watch, told } = await createRig();
    await watch('c1', { topic: 'feed', filter: {} });
    await watch('c2', { topic: 'feed', filter: { severity: ['INFO'] } });
    const later = new Date(NOW + 2000).toISOString();
    await broadcast(batch(feedOf(), feedOf({ at: later, total: 30, dropped: 29 })), ports);
    const [first, second] = told();
    expect(first!.message).toMatchObject({
      method: 'feed',
      params: {
        total: 40,
        dropped: 38,
        rate: 20,
        per_service: { checkout: { total: 20, errors: 2 } },
      },
    });
    expect(first!.message.params.events).toHaveLength(2);
    expect(second!.message.params).toMatchObject({ total: 40, events: [] });
    expect(told()).toHaveLength(2);
  });

  it('and mere occurrences keep a pace of four a second; what is announced never waits', async () => {
    const { ports, waits, watch } = await createRig();
    await watch('c1', { topic: 'feed', filter: {} });
    await broadcast(batch(feedOf()), ports);
    await broadcast(batch(outboxOf({ alert: buildAlert() }), feedOf()), ports);
    expect(waits).toEqual([]);
    await broadcast(batch(feedOf()), ports);
    await broadcast(batch(touchOf(buildAlert({ revision: 9 }))), ports);
    expect(waits).toEqual([250, 250]);
  });
});
