import { expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { takeTimer } from './take-timer.ts';

const lost = new SentryError('conflict', 'lost');
const throttled = new SentryError('unavailable', 'throttled');

it.each([
  ['four races are lost', lost, 4, 5, undefined],
  ['five races are lost', lost, 5, 5, 'conflict'],
  ['the store does not take it', throttled, 1, 1, 'unavailable'],
] as const)('a timer that is due, where %s', async (_name, error, times, commits, code) => {
  const clock = { now: Date.parse(BUILT_AT) };
  const store = createMemoryWorkStore(createMemoryTables(), () => clock.now);
  const row = buildTimer({ due_at: BUILT_AT });
  const changes = [
    { kind: 'alert', row: buildAlert(), expected: 0 } as const,
    { kind: 'timer', row, expected: 0 } as const,
  ];
  await store.commit({ changes, journal: [], outbox: [] });
  let asked = 0;
  const commit: typeof store.commit = (rows) =>
    ++asked <= times ? Promise.reject(error) : store.commit(rows);
  const timers = { hint: () => Promise.resolve() };
  const ports = { work: { ...store, commit }, response: async () => NO_RESPONSE, timers };
  const end = takeTimer(buildContext(clock), ports, row);
  if (code === undefined) expect(await end).toEqual({ kind: 'taken' });
  else await expect(end).rejects.toMatchObject({ code });
  expect(asked).toBe(commits);
  expect(await store.listTimers('t1', row.alert_id)).toHaveLength(code === undefined ? 0 : 1);
});
