import { expect, it } from 'vitest';

import { buildDelivery } from '#shared/testing/build-alert.ts';

import { deliveryLines } from './delivery-lines.ts';
import { line } from './line.ts';
import { verdictOf } from './verdict.ts';

const { next_attempt_at: _due, ...quiet } = buildDelivery({ status: 'CONFIRMED' });
const overtaken = { ...quiet, receipt: 'not needed: never triggered' } as const;

it.each([
  ['acknowledge', 'not_needed_acknowledged'],
  ['resolve', 'not_needed_resolved'],
] as const)(
  'a first word that %s overtook on its way says that as the reason, and so does the verdict',
  (desired, outcome) => {
    const lines = deliveryLines([{ ...overtaken, desired }]);
    expect(lines).toMatchObject([{ outcome, ids: { intent: desired } }]);
    const at = quiet.created_at;
    const before = [
      line(at, 'step', 'told', 'told'),
      line(at, 'delivery', 'delivery_failed', 'HTTP 503'),
    ];
    expect(verdictOf([...before, ...lines]).outcome).toBe(outcome);
  },
);
