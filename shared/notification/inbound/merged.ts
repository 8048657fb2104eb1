import * as z from 'zod';

import { SentryError } from '#shared/kernel/error.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';

/** An incident lives on for so long after a merge, in milliseconds. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** Alerts of one merged incident; those beyond are told no more. */
const ALERTS_MAX = 500;
const ROUNDS_MAX = 5;
const Keys = z.array(z.string());

interface MergeHolder {
  tenant: string;
  channel_id: string;
}

/** The keys of the incidents that were merged into this one. */
export async function mergedKeys(
  states: ChannelStateStore,
  { tenant, channel_id }: MergeHolder,
  incidentId: string,
): Promise<string[]> {
  const found = await states.get(tenant, channel_id, `merged-${incidentId}`);
  return found ? Keys.parse(found.value) : [];
}

/** Remembers that what carried `keys` is now a part of the incident. Throws `unavailable`. */
export async function rememberMerge(
  states: ChannelStateStore,
  holder: MergeHolder,
  incidentId: string,
  keys: readonly string[],
  now: number,
): Promise<void> {
  const { tenant, channel_id } = holder;
  const name = `merged-${incidentId}`;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = await states.get(tenant, channel_id, name);
    const known = found ? Keys.parse(found.value) : [];
    const value = [...new Set([...known, ...keys])].slice(0, ALERTS_MAX);
    if (value.length === known.length) return;
    try {
      await states.put(tenant, channel_id, name, {
        value,
        expected: found?.revision ?? 0,
        expiresAt: now + KEPT_MS,
      });
      return;
    } catch (error) {
      if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    }
  }
  throw new SentryError('unavailable', 'The merge could not be remembered now.');
}
