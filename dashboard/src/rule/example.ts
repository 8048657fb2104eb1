import { writeRule } from './body.ts';

/** What a new rule begins with: it fires and stays quiet as its tests say. */
export const EXAMPLE = writeRule({
  rule_id: 'my-first-rule',
  name: 'Payments fail',
  description: 'Five failed payments of one shop within five minutes.',
  state: 'DRAFT',
  severity: 'ERROR',
  pattern: { type: ['payment'], payload: { outcome: ['failed'] } },
  detector: {
    kind: 'threshold',
    aggregate: 'count',
    window_seconds: 300,
    operator: '>=',
    threshold: 5,
    unit: 'failed payments',
  },
  group_by: ['service'],
  title: 'Payments of {service} fail',
  tests: [
    {
      name: 'five failures in five minutes fire',
      expect: 'fires',
      events: [0, 60, 120, 180, 240].map((seconds) => payment(seconds, 'failed')),
    },
    {
      name: 'payments that succeed stay quiet',
      expect: 'quiet',
      events: [0, 1, 2, 3, 4].map((seconds) => payment(seconds, 'paid')),
    },
  ],
});

function payment(seconds: number, outcome: string) {
  return {
    source: 'till',
    type: 'payment',
    service: 'shop',
    severity: 'INFO',
    timestamp: `+${seconds}`,
    payload: { outcome },
  };
}
