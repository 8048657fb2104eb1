import * as z from 'zod';

import type { CanaryStore } from '#shared/ports/canary-store.ts';

import { type CanaryEar, CanaryPayload } from './schema.ts';

const CanaryWake = z.object({ detail: z.object({ payload: CanaryPayload }) });

/** What a notifier does with a canary: notes it, and tells nobody. False for any other event. */
export async function hearCanary(
  canaries: () => Pick<CanaryStore, 'hear'>,
  ear: CanaryEar,
  event: unknown,
  now: () => number,
): Promise<boolean> {
  const read = CanaryWake.safeParse(event);
  if (!read.success) return false;
  const { sent_at } = read.data.detail.payload.canary;
  await canaries().hear(ear, { sent_at, heard_at: new Date(now()).toISOString() });
  return true;
}
