import { createHash } from 'node:crypto';

import { formatInstant } from '#shared/event/instant.ts';
import { compareSequence } from '#shared/event/sequence.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { digestId } from '#shared/kernel/id.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';

import { INLINE_BYTES_MAX, type QuarantineRow, type Refused } from './schema.ts';

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 8;

/** Keeps what was refused: equal bytes become one row with a count. Redelivery by the stream counts once. */
export async function hold(
  refused: readonly Refused[],
  clock: Clock,
  store: QuarantineStore,
): Promise<void> {
  const groups = new Map<string, Refused[]>();
  for (const one of refused) {
    const id = quarantineId(one);
    const group = groups.get(id);
    if (group) group.push(one);
    else groups.set(id, [one]);
  }
  for (const [id, group] of groups) await holdGroup(id, group, clock, store);
}

function quarantineId(one: Refused): string {
  return digestId(one.tenant, one.reason, createHash('sha256').update(one.raw).digest('hex'));
}

async function holdGroup(
  id: string,
  group: readonly Refused[],
  clock: Clock,
  store: QuarantineStore,
): Promise<void> {
  const first = group[0]!;
  for (let attempt = 1; ; attempt++) {
    const stored = await store.get(first.tenant, id);
    const row = counted(id, stored, group, formatInstant(clock.now()));
    if (!row) return;
    if (row.object_key && !stored) await store.putBytes(row.object_key, first.raw);
    try {
      await store.put(row, stored?.revision ?? 0);
      return;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX)
        throw lost ? new SentryError('unavailable', 'The quarantine row stays contended.') : error;
    }
  }
}

/** The row with the group counted in, or undefined when all of it was counted before. */
function counted(
  id: string,
  stored: QuarantineRow | undefined,
  group: readonly Refused[],
  at: string,
): QuarantineRow | undefined {
  const fence = { ...stored?.fence };
  const fresh = group.filter(
    ({ shard, sequence }) =>
      shard === undefined || sequence === undefined || !isFenced(stored?.fence[shard], sequence),
  );
  if (fresh.length === 0) return undefined;
  for (const { shard, sequence } of fresh)
    if (shard !== undefined && sequence !== undefined && !isFenced(fence[shard], sequence))
      fence[shard] = sequence;
  const first = group[0]!;
  if (stored)
    return {
      ...stored,
      state: 'HELD',
      count: stored.count + fresh.length,
      last_seen: at,
      fence,
      revision: stored.revision + 1,
    };
  const inline = first.raw.length <= INLINE_BYTES_MAX;
  return {
    quarantine_id: id,
    tenant: first.tenant,
    reason: first.reason,
    detail: first.detail,
    origin: first.origin,
    state: 'HELD',
    count: fresh.length,
    first_seen: at,
    last_seen: at,
    size_bytes: first.raw.length,
    ...(inline
      ? { raw_base64: Buffer.from(first.raw).toString('base64') }
      : { object_key: `quarantine/${first.tenant}/${id}` }),
    fence,
    revision: 1,
  };
}

function isFenced(fence: string | undefined, sequence: string): boolean {
  return fence !== undefined && compareSequence(sequence, fence) <= 0;
}
