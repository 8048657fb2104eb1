import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SeenIds } from './seen-ids.ts';
import { SEEN_IDS_MAX, type SeenBucket } from './series.ts';

const key = { tenant: 't', rule_id: 'r', series_key: 's', bucket: 7 };
const eventIds = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1 });

describe('the ids of a bucket', () => {
  it('are kept as the first 8 bytes of sha-256, ascending, and each is known when read again', () => {
    fc.assert(
      fc.property(eventIds, (ids) => {
        const seen = new SeenIds(undefined);
        for (const id of ids) seen.add(id);
        const marks = new Set(
          ids.map((id) => createHash('sha256').update(id).digest('hex').slice(0, 16)),
        );
        const row = seen.row(key)!;
        expect(Buffer.from(row.ids).toString('hex')).toBe([...marks].sort().join(''));
        // A row may come as a view into a larger buffer.
        const padded = new Uint8Array([9, 9, 9, ...row.ids, 9]);
        const again = new SeenIds({ ...row, ids: padded.subarray(3, -1) });
        expect(ids.filter((id) => again.add(id))).toEqual([]);
        expect(again.row(key)).toBeUndefined();
      }),
    );
  });

  it('grow batch by batch into the row that one batch would have made', () => {
    fc.assert(
      fc.property(fc.array(eventIds, { minLength: 1 }), (batches) => {
        const atOnce = new SeenIds(undefined);
        for (const id of batches.flat()) atOnce.add(id);
        const known = new Set<string>();
        let row: SeenBucket | undefined;
        for (const ids of batches) {
          const seen = new SeenIds(row);
          for (const id of ids) {
            expect(seen.add(id)).toBe(!known.has(id));
            known.add(id);
          }
          row = seen.row(key) ?? row;
        }
        expect(row!.ids).toEqual(atOnce.row(key)!.ids);
      }),
    );
  });

  it('are no more than the limit; beyond it an id is new each time and the bucket says so', () => {
    const seen = new SeenIds(undefined);
    for (let n = 0; n < SEEN_IDS_MAX - 1; n++) seen.add(`e${n}`);
    const last = new SeenIds(seen.row(key));
    expect([last.add('last'), last.full]).toEqual([true, false]);
    expect([last.add('over'), last.add('over'), last.full]).toEqual([true, true, true]);
    expect([last.add('last'), last.add('e7')]).toEqual([false, false]);
    expect(last.row(key)!.ids).toHaveLength(SEEN_IDS_MAX * 8);
  });
});
