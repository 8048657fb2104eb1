import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FunctionName } from '#infra/functions.ts';

import { stopFunction } from './fault/stop-function.ts';
import { openScenario, type Scenario } from './harness.ts';
import { until } from './until.ts';

const MINUTE_MS = 60_000;
let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
}, 60_000);
afterAll(() => scenario.close());

/** Late as the alarm would have it. */
async function isLate(): Promise<boolean> {
  const response = await fetch(`${scenario.instance.url}/_local/canary`);
  return ((await response.json()) as { is_late: boolean }).is_late;
}

/** A sweep, which sends a canary, and whatever comes of it. */
async function passMinute(): Promise<void> {
  const { instance } = scenario;
  instance.advance(MINUTE_MS);
  await instance.services.events.idle();
}

describe('a canary goes down the whole path each minute', () => {
  it('and while all of it works is heard at every end, long before the alarm', async () => {
    for (let minute = 0; minute < 4; minute++) {
      await passMinute();
      await scenario.settle();
      await scenario.instance.idle();
      expect(await isLate()).toBe(false);
    }
    const snapshot = await scenario.snapshot();
    expect(snapshot.alerts).toEqual([]);
    expect(snapshot.messages).toEqual([]);
  });

  it.each(['detect', 'publish', 'notify-slack', 'escalate'] satisfies FunctionName[])(
    'and alarms within three minutes once %s stands still, until it is back',
    async (name) => {
      const bringBack = stopFunction(scenario, name);
      try {
        let minutes = 0;
        for (; minutes < 10 && !(await isLate()); minutes++) await passMinute();
        expect(minutes).toBeLessThanOrEqual(3);
      } finally {
        bringBack();
      }
      await until(async () => {
        await passMinute();
        await scenario.settle();
        await scenario.instance.idle();
        return !(await isLate());
      }, 90_000);
    },
    120_000,
  );
});
