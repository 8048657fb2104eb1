import { describe, expect, it } from 'vitest';

import { buildAlert, buildOutbox } from '#shared/testing/build-alert.ts';

import { dueEnvelope } from './due-envelope.ts';
import { readWake } from './wake.ts';

const meta = { correlation_id: 'c-1', version: '1.0' };

describe('readWake', () => {
  it('finds the alert in an announcement of it and in a waking alike', () => {
    const wake = { tenant: 't1', alert_id: 'a', correlation_id: 'c-1' };
    expect(readWake({ source: 'sentry.alert', detail: buildOutbox().envelope })).toEqual(wake);
    const ctx = { now: () => 0, correlation_id: 'c-1' };
    const due = dueEnvelope(ctx, { tenant: 't1', alert_id: 'a', channels: ['slack'] });
    expect(readWake({ detail: due })).toEqual(wake);
    expect(due.payload['channels']).toEqual(['slack']);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { detail: {} },
    { detail: { payload: { tenant: 't1', alert: null }, meta } },
    { detail: { payload: { tenant: 1, alert: buildAlert() }, meta } },
  ])('refuses %j', (event) => {
    expect(() => readWake(event)).toThrow('The event names no alert.');
  });
});
