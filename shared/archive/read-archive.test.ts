import { describe, expect, it } from 'vitest';

import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

import { countObjects, readArchive } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

const START = Date.parse('2026-03-01T11:59:58.000Z');
const SPAN = { tenant: 't1', from: START, to: START + 60_000 };
const OPTIONS = { signingKey: 'k', defaultTenant: 't1' };

function recordsOf(shard: number, sequences: readonly number[], everyMs: number) {
  return sequences.map((sequence) => ({
    shard: `shardId-00000000000${shard}`,
    sequence: String(sequence),
    partition_key: 'p',
    arrived_at_ms: START + sequence * everyMs,
    data: Buffer.from(`${shard}:${sequence}`),
  }));
}
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

async function read(archive: EventArchive, span = SPAN) {
  const batches: string[][] = [];
  const faulty: string[] = [];
  let objects = 0;
  const listener = {
    read: () => void objects++,
    faulty: (_key: string, reason: string) => void faulty.push(reason),
  };
  for await (const batch of readArchive(archive, span, listener))
    batches.push(batch.map(({ bytes }) => Buffer.from(bytes).toString()));
  return { batches, all: batches.flat(), faulty, objects };
}

describe('reading the archive', () => {
  it('gives back every record once, in its shard’s order, shards merged by arrival, over the hour', async () => {
    const archive = createMemoryEventArchive();
    await writeArchive(recordsOf(1, upTo(10), 500), { ...OPTIONS, archive });
    await writeArchive(recordsOf(2, upTo(6), 700), { ...OPTIONS, archive });
    const { all, batches, objects, faulty } = await read(archive);
    expect(all).toEqual(
      '1:0 2:0 1:1 2:1 1:2 2:2 1:3 1:4 2:3 1:5 2:4 1:6 1:7 2:5 1:8 1:9'.split(' '),
    );
    expect(batches.at(-1)!.length).toBeGreaterThan(0);
    expect({ objects, faulty }).toEqual({ objects: 4, faulty: [] });
    expect(await countObjects(archive, SPAN, async () => undefined)).toBe(4);
  });

  it('gives a record once that retries archived again in other pieces', async () => {
    const archive = createMemoryEventArchive();
    const records = recordsOf(1, upTo(12), 10);
    for (const part of [records.slice(0, 5), records.slice(3, 9), records.slice(0, 2), records])
      await writeArchive(part, { ...OPTIONS, archive });
    expect((await read(archive)).all).toEqual(upTo(12).map((n) => `1:${n}`));
  });

  it('cuts batches at 500 records, at 256 KB and at a second', async () => {
    const archive = createMemoryEventArchive();
    await writeArchive(recordsOf(1, upTo(1_200), 0), { ...OPTIONS, archive });
    await writeArchive(recordsOf(2, [1, 2, 3, 4], 700), { ...OPTIONS, archive });
    const sizesOf = async (tenant: string) => {
      const { batches } = await read(archive, { ...SPAN, tenant });
      return batches.map(({ length }) => length).filter((size) => size > 0);
    };
    expect(await sizesOf('t1')).toEqual([500, 500, 201, 1, 2]);
    const large = recordsOf(3, upTo(5), 0).map((one) => ({ ...one, data: Buffer.alloc(150_000) }));
    await writeArchive(large, { ...OPTIONS, defaultTenant: 't2', archive });
    expect(await sizesOf('t2')).toEqual([2, 2, 1]);
  });

  it('never gives what belongs to another tenant or arrived outside the span', async () => {
    const archive = createMemoryEventArchive();
    await writeArchive(recordsOf(1, upTo(4), 1_000), { ...OPTIONS, archive });
    await writeArchive(recordsOf(1, [7], 0), { ...OPTIONS, defaultTenant: 't10', archive });
    const span = { ...SPAN, from: START + 1_000, to: START + 3_000 };
    expect((await read(archive, span)).all).toEqual(['1:1', '1:2']);
  });

  it('names an object it cannot read whole, and gives the rest of it', async () => {
    const archive = createMemoryEventArchive();
    await writeArchive(recordsOf(1, [1], 0), { ...OPTIONS, archive });
    const [[key, bytes]] = archive.objects as unknown as [[string, Uint8Array]];
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const lines = `{"torn\n${gunzipSync(bytes).toString()}{"shard":"s"}\n`;
    archive.objects.set(key, gzipSync(lines));
    expect(await read(archive)).toMatchObject({
      all: ['1:1'],
      faulty: ['2 lines are not records'],
    });
    archive.objects.set(key, gzipSync(Buffer.alloc(65 * 1024 * 1024)));
    const bomb = await read(archive);
    expect([bomb.all, bomb.faulty.length]).toEqual([[], 1]);
  });
});
