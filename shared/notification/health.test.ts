import { describe, expect, it } from 'vitest';

import { healthOf } from './health.ts';

const NOW = Date.parse('2026-03-02T12:30:00.000Z');
const at = (hour: string) => `2026-03-${hour}:00:00.000Z`;

describe('the health of a channel', () => {
  it('is idle while nothing was ever tried', () => {
    expect(healthOf([], NOW)).toMatchObject({ state: 'idle', success_rate: null, sent: 0 });
  });

  it('counts 24 hours and remembers the last words from before', () => {
    const health = healthOf(
      [
        {
          hour: at('02T12'),
          counts: { failed: 1 },
          last: { failed: { at: at('02T12'), words: 'HTTP 500' } },
        },
        {
          hour: at('01T13'),
          counts: { failed: 1, put_off: 4 },
          last: { failed: { at: at('01T13'), words: 'older' } },
        },
        {
          hour: at('01T12'),
          counts: { sent: 9 },
          last: { sent: { at: at('01T12'), words: 'ok' } },
        },
      ],
      NOW,
    );
    expect(health).toMatchObject({
      state: 'failing',
      sent: 0,
      failed: 2,
      put_off: 4,
      success_rate: 0,
      last_success: { at: at('01T12'), receipt: 'ok' },
      last_failure: { at: at('02T12'), reason: 'HTTP 500' },
    });
  });

  it('is broken by a message that died, until one gets through', () => {
    const dead = { at: at('02T10'), words: 'HTTP 404' };
    const hours = [
      { hour: at('02T10'), counts: { failed: 3, dead: 1 }, last: { failed: dead, dead } },
    ];
    expect(healthOf(hours, NOW).state).toBe('broken');
    const sent = {
      hour: at('02T11'),
      counts: { sent: 1 },
      last: { sent: { at: at('02T11'), words: 'ok' } },
    };
    expect(healthOf([sent, ...hours], NOW)).toMatchObject({ state: 'ok', success_rate: 0.25 });
  });
});
