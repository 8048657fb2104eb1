import { expect } from 'vitest';

import {
  checkIncidents,
  checkMessages,
  compareAlerts,
  leftovers,
  type MessageReport,
} from './compare.ts';
import type { Scenario } from './harness.ts';
import { expectAlerts } from './oracle.ts';
import type { Put } from './workload.ts';

/**
 * Holds a settled scenario against the oracle: exactly its alerts with exactly its counts, every
 * channel told of each and of nothing else, repetitions with the same key, nothing left over. Copies
 * of one event in `puts` are one event.
 */
export async function expectCleanEnd(
  scenario: Scenario,
  puts: readonly Put[],
): Promise<MessageReport> {
  const snapshot = await scenario.snapshot();
  const events = new Set(puts.map(({ event }) => event));
  const expected = expectAlerts([...events]);
  expect(expected.length).toBeGreaterThan(10);
  expect(compareAlerts(snapshot.alerts, expected)).toEqual([]);
  expect(checkIncidents(snapshot)).toEqual([]);
  expect(snapshot.incidents.length).toBeGreaterThan(0);
  const messages = checkMessages(snapshot);
  expect(messages).toMatchObject({ missing: [], unexpected: [], differing: [] });
  expect(leftovers(snapshot)).toEqual([]);
  return messages;
}

/** Lines that say a worker met something nobody expected. */
export function unexpectedLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => /unhandled|uncaught|ERR_|TypeError|RangeError|ReferenceError/i.test(line));
}
