import { expect } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import type { Change, Commit, JournalStore, WorkStore } from '#shared/ports/work-store.ts';

import { BUILT_AT } from './build-alert.ts';

/** One fresh pair of stores over the same tables, and the clock they look at. */
export interface WorkStoreUnderTest {
  work: WorkStore;
  journal: JournalStore;
  clock: { now: number };
}

export const DAY_MS = 86_400_000;
export const commitOf = (changes: readonly Change[], more: Partial<Commit> = {}): Commit => ({
  changes,
  journal: [],
  outbox: [],
  ...more,
});
export const id = (n: number) => `alert-${String(n).padStart(4, '0')}`;
export const at = (seconds: number) =>
  new Date(Date.parse(BUILT_AT) + seconds * 1000).toISOString();
export async function refusal(work: Promise<unknown>): Promise<SentryError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SentryError);
  return error as SentryError;
}
