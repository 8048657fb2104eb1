import { describe, expect, it } from 'vitest';

import type { ExplainLine } from '#shared/explain/schema.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';

import { proofLines, proveDeliveries } from './delivery-proof.ts';
import { explainedLines } from './explain.ts';

const ROW = buildDelivery({
  status: 'SENT',
  sent: 'trigger',
  next_attempt_at: undefined,
  receipt: 'ok',
});
const KEY = { delivery_key: ROW.delivery_key };

function line(fields: Partial<ExplainLine>): ExplainLine {
  return { at: BUILT_AT, kind: 'delivery', outcome: 'told', sentence: 'said', ids: KEY, ...fields };
}
const INTENT = line({ outcome: 'told' });
const SENT = line({
  at: '2026-03-01T12:00:02.000Z',
  outcome: 'delivered',
  sentence: 'Notified pagerduty-ops, it answered: ok',
  ids: { ...KEY, intent: 'trigger', destination: 'pagerduty-ops' },
});

describe('the proof of an alert', () => {
  it('shows intent, attempts and receipt of each message in order of time', () => {
    const failed = line({
      at: '2026-03-01T12:00:01.000Z',
      outcome: 'delivery_failed',
      sentence: 'HTTP 503',
    });
    const proof = proveDeliveries([ROW], [SENT, INTENT, failed]);
    expect(proof.rows.map(({ what, destination, step }) => [what, destination, step])).toEqual([
      ['intended', 'pagerduty-ops', '1'],
      ['failed', 'pagerduty-ops', '1'],
      ['sent', 'pagerduty-ops', '1'],
    ]);
    const text = proofLines(proof).join('\n');
    expect(text).toContain('it answered: ok');
    expect(text).toContain('Everything that was wanted is confirmed');
  });

  it.each([
    [
      'is not tried yet',
      { ...ROW, sent: undefined, status: 'QUEUED', next_attempt_at: BUILT_AT },
      1,
    ],
    ['is given up', { ...ROW, sent: undefined, status: 'DEAD', last_error: 'HTTP 404' }, 1],
    ['knows only what was before', { ...ROW, desired: 'resolve' }, 1],
    ['was given up after it knew', { ...ROW, desired: 'resolve', status: 'DEAD' }, 1],
    ['knows', ROW, 0],
    ['need not know', { ...ROW, sent: undefined, status: 'CONFIRMED', receipt: 'not needed' }, 0],
  ] as const)('names a receiver that %s as it should', (_, row, open) => {
    const proof = proveDeliveries([row], [INTENT]);
    expect(proof.open).toHaveLength(open);
    expect(proofLines(proof).join('\n').includes('Never confirmed')).toBe(open === 1);
  });

  it('shows a message that no decision names, and hides none', () => {
    expect(proveDeliveries([ROW], []).rows).toMatchObject([{ what: 'untraced', at: BUILT_AT }]);
  });

  it('lets no receiver write to the terminal', () => {
    const evil = 'a\u001b[2J\u202eb\u0007';
    const row = buildDelivery({ destination: evil, last_error: evil, status: 'DEAD' });
    const lines = [line({ ids: { delivery_key: row.delivery_key }, sentence: evil })];
    const explained = {
      subject: { kind: 'alert', id: 'a' } as const,
      outcome: 'told' as const,
      sentence: evil,
      lines,
      truncated: true,
    };
    const text = [...proofLines(proveDeliveries([row], lines)), ...explainedLines(explained)];
    // eslint-disable-next-line no-control-regex
    expect(text.join('')).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
    expect(text.join('')).toContain('There is more than was read.');
  });
});
