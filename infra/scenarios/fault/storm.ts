import { openScenario } from '#infra/scenarios/harness.ts';
import { checkMessages, leftovers } from '#infra/scenarios/compare.ts';
import type { Put } from '#infra/scenarios/workload.ts';

import type { Fault, Verdict } from './fault.ts';

const EVENTS = { short: 5_000, long: 1_000_000 } as const;
const PUT_AT_ONCE = 10_000;

export const storm: Fault = {
  id: 'storm',
  name: 'storm',
  what: 'the same trouble a million times: one alert, one page',
  async run({ size, say, scale = 1 }): Promise<Verdict> {
    const events = Math.round(EVENTS[size] * scale);
    const scenario = await openScenario();
    const started = performance.now();
    try {
      const stated = { source: 'ledger', type: 'ledger.storm', service: 'payments' };
      const timestamp = new Date().toISOString();
      for (let from = 0; from < events; from += PUT_AT_ONCE) {
        const puts: Put[] = Array.from(
          { length: Math.min(PUT_AT_ONCE, events - from) },
          (_, n) => ({
            partition_key: `k${n % 64}`,
            event: {
              ...stated,
              event_id: `storm-${from + n}`,
              severity: 'CRITICAL',
              timestamp,
              payload: {},
            },
          }),
        );
        await scenario.put(puts, { batch: 500 });
        if (from % 250_000 === 0 && from > 0) say(`${from} put`);
      }
      await scenario.settle(600_000);
      const snapshot = await scenario.snapshot();
      const own = snapshot.alerts.filter(({ rule_id }) => rule_id === 'critical-event');
      const counted = own.reduce((sum, { count }) => sum + count, 0);
      const pages = snapshot.messages.filter(
        ({ channel, alert_id }) => channel === 'pagerduty' && alert_id === own[0]?.alert_id,
      );
      const { missing, unexpected, differing, repeated } = checkMessages(snapshot);
      return {
        wrong: [
          ...(own.length === 1 ? [] : [`${own.length} alerts`]),
          ...(counted === events ? [] : [`${counted} events counted, not ${events}`]),
          ...(pages.length === 1 ? [] : [`${pages.length} pages`]),
          ...missing,
          ...unexpected,
          ...differing,
          ...leftovers(snapshot),
        ],
        lost: Math.max(events - counted, 0) + missing.length,
        extra: Math.max(counted - events, 0) + unexpected.length,
        doubles: differing.length,
        repeated,
        figures: {
          events,
          alerts: own.length,
          pages: pages.length,
          faulty_seconds: Math.round((performance.now() - started) / 100) / 10,
        },
      };
    } finally {
      await scenario.close();
    }
  },
};
