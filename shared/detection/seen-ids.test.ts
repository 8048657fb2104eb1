import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SeenIds } from './seen-ids.ts';

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
});
