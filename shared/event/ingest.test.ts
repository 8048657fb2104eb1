import { describe, expect, it } from 'vitest';

import { scopesOf } from '#shared/access/scope.ts';
import { createMemoryEventStream } from '#shared/adapters/memory/memory-event-stream.ts';
import { createMemoryQuarantineStore } from '#shared/adapters/memory/memory-quarantine-store.ts';
import type { Context } from '#shared/kernel/context.ts';
import { hold } from '#shared/quarantine/hold.ts';
import { getQuarantined, listQuarantine } from '#shared/quarantine/read.ts';
import { replayQuarantined } from '#shared/quarantine/replay.ts';

import { decodeRecord } from './decode.ts';
import { ingestEvents } from './ingest.ts';
import { EVENT_BYTES_MAX } from './schema.ts';
import { tenantOfKey } from './tenant-key.ts';

const KEY = 'a1'.repeat(32);

function world(tenant = 'default') {
  const stream = createMemoryEventStream();
  const quarantine = createMemoryQuarantineStore();
  let ids = 0;
  const context: Context = {
    tenant,
    actor: 'client:pump',
    scopes: scopesOf(['admin']),
    correlation_id: 'c1',
    now: () => Date.parse('2026-11-23T12:00:00Z'),
    newId: () => `id-${++ids}`,
  };
  return { stream, quarantine, context, signingKey: async () => KEY };
}
const event = (n: number) => ({ event_id: `e${n}`, source: 's', type: 't', payload: { n } });
const body = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('ingest', () => {
  it('every accepted event has a sequence number and is on the stream under the tenant of the token', async () => {
    const w = world('acme');
    const result = await ingestEvents(body([event(1), event(2)]), w.context, w);
    expect(result.accepted.map(({ index, event_id }) => [index, event_id])).toEqual([
      [0, 'e1'],
      [1, 'e2'],
    ]);
    expect(result.accepted.every(({ sequence_number }) => sequence_number.length > 0)).toBe(true);
    for (const record of w.stream.records)
      expect(tenantOfKey(KEY, record.partition_key, record.data)).toEqual({
        kind: 'signed',
        tenant: 'acme',
      });
  });

  it.each([
    ['numbers that are longer written out', `[${Array(12_500).fill('1e20').join(',')}]`],
    ['defaults that no longer fit', JSON.stringify('x'.repeat(EVENT_BYTES_MAX - 60))],
  ])('refuses an event that outgrows the limit by %s, never its neighbour', async (_, payload) => {
    const w = world();
    const grown = `{"source":"s","type":"t","payload":${payload}}`;
    expect(grown.length).toBeLessThan(EVENT_BYTES_MAX);
    const lines = `${JSON.stringify(event(1))}\n${grown}`;
    const result = await ingestEvents(Buffer.from(lines), w.context, w);
    expect(result).toMatchObject({
      accepted: [{ index: 0 }],
      failed: [{ index: 1, reason: 'too_large' }],
    });
    expect(w.stream.records).toHaveLength(1);
  });

  it('what the stream refuses is reported by index, and nothing else', async () => {
    const w = world();
    w.stream.failing = (at) => at === 1;
    const result = await ingestEvents(body([event(1), event(2), event(3)]), w.context, w);
    expect(result.accepted.map(({ index }) => index)).toEqual([0, 2]);
    expect(result.failed).toMatchObject([{ index: 1, event_id: 'e2', reason: 'throttled' }]);
  });

  it('bad events are answered by index and kept in quarantine; the rest is accepted', async () => {
    const w = world();
    const result = await ingestEvents(body([event(1), { source: 's' }, event(3)]), w.context, w);
    expect(result.accepted.map(({ index }) => index)).toEqual([0, 2]);
    expect(result.failed).toMatchObject([{ index: 1, reason: 'missing_field' }]);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    expect(items).toMatchObject([{ reason: 'missing_field', count: 1, origin: 'api' }]);
  });

  it('five thousand events travel packed, each once and in order', async () => {
    const w = world();
    const events = Array.from({ length: 5000 }, (_, at) => event(at));
    const result = await ingestEvents(body(events), w.context, w);
    expect(result.accepted).toHaveLength(5000);
    expect(w.stream.records.length).toBeLessThan(100);
    const arrival = { tenant: 'default', arrived_at_ms: w.context.now() };
    const seen = w.stream.records.flatMap((record) => decodeRecord(record.data, arrival).events);
    expect(seen.map(({ event: { event_id } }) => event_id)).toEqual(
      events.map(({ event_id }) => event_id),
    );
  });

  it('a caller without the scope puts nothing', async () => {
    const w = world();
    const context = { ...w.context, scopes: scopesOf(['viewer']) };
    await expect(ingestEvents(body(event(1)), context, w)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(w.stream.records).toEqual([]);
  });

  it('an empty list is refused with what to do', async () => {
    const w = world();
    await expect(ingestEvents(body([]), w.context, w)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('tenant keys', () => {
  const data = body(event(1));
  it('a signature fits only its own tenant and data', () => {
    const signed = `v1.acme.n1.${'0'.repeat(32)}`;
    expect(tenantOfKey(KEY, signed, data).kind).toBe('forged');
    expect(tenantOfKey(KEY, 'v1.broken', data).kind).toBe('forged');
    expect(tenantOfKey(KEY, 'any-producer-key', data).kind).toBe('unsigned');
  });
});

describe('quarantine', () => {
  const refused = (sequence: string) => ({
    tenant: 'default',
    origin: 'kinesis' as const,
    reason: 'bad_json',
    detail: 'd',
    raw: Buffer.from('{'),
    shard: 'shardId-000000000000',
    sequence,
  });

  it('equal bytes are one row with a count; a redelivered record counts once', async () => {
    const w = world();
    await hold([refused('1'), refused('2')], w.context, w.quarantine);
    await hold([refused('2'), refused('3')], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    expect(items).toMatchObject([{ count: 3, state: 'HELD' }]);
  });

  it('large bytes are kept whole', async () => {
    const w = world();
    const raw = Buffer.alloc(900_000, 7);
    await hold([{ ...refused('1'), raw }], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    const kept = await getQuarantined(items[0]!.quarantine_id, w.context, w.quarantine);
    expect(Buffer.from(kept.raw).equals(raw)).toBe(true);
  });

  it('a replay puts exactly the bytes that came; refused again, the row is held again', async () => {
    const w = world();
    await hold([refused('1')], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    const replayed = await replayQuarantined(items[0]!.quarantine_id, w.context, w);
    expect(replayed).toMatchObject({ state: 'REPLAYED', replayed_by: 'client:pump' });
    expect(Buffer.from(w.stream.records[0]!.data).toString()).toBe('{');
    await hold([refused('9')], w.context, w.quarantine);
    const { row } = await getQuarantined(items[0]!.quarantine_id, w.context, w.quarantine);
    expect(row).toMatchObject({ state: 'HELD', count: 2 });
  });

  it('a replay the stream does not take leaves the row held', async () => {
    const w = world();
    await hold([refused('1')], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    w.stream.failing = () => true;
    const id = items[0]!.quarantine_id;
    await expect(replayQuarantined(id, w.context, w)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await getQuarantined(id, w.context, w.quarantine)).row.state).toBe('HELD');
  });

  it('a replay the stream cannot be reached for leaves the row held', async () => {
    const w = world();
    await hold([refused('1')], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    w.stream.put = () => Promise.reject(new Error('no answer'));
    const id = items[0]!.quarantine_id;
    await expect(replayQuarantined(id, w.context, w)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await getQuarantined(id, w.context, w.quarantine)).row.state).toBe('HELD');
  });

  it('a replay of more bytes than a record holds is refused and leaves the row as it is', async () => {
    const w = world();
    await hold([{ ...refused('1'), raw: Buffer.alloc(2 ** 20) }], w.context, w.quarantine);
    const { items } = await listQuarantine({ limit: 10 }, w.context, w.quarantine);
    const id = items[0]!.quarantine_id;
    await expect(replayQuarantined(id, w.context, w)).rejects.toMatchObject({ code: 'too_large' });
    expect((await getQuarantined(id, w.context, w.quarantine)).row).toEqual(items[0]);
    expect(w.stream.records).toEqual([]);
  });

  it('one tenant never sees the row of another', async () => {
    const w = world();
    await hold([refused('1')], w.context, w.quarantine);
    const other = { ...w.context, tenant: 'other' };
    expect((await listQuarantine({ limit: 10 }, other, w.quarantine)).items).toEqual([]);
  });
});
