import { describe, expect, it } from 'vitest';

import type { Delivery } from '#shared/notification/schema.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';

import { desireDeliveries, speakersOf } from './desired.ts';

const AT = '2026-03-01T13:00:00.000Z';
const SOON = '2026-03-01T13:00:30.000Z';
const base: Partial<Delivery> = {
  status: 'SENT',
  sent: 'trigger',
  next_attempt_at: undefined,
  attempts: 3,
  revision: 4,
};
const owed = { status: 'QUEUED', desired_at: AT, next_attempt_at: AT, attempts: 0 } as const;

/** What a pager's row becomes when its alert comes into a state; undefined when it stays as it is. */
const become = (fields: Partial<Delivery>, state: 'OPEN' | 'ACK' | 'RESOLVED') =>
  desireDeliveries([buildDelivery({ ...base, ...fields })], state, AT)[0];

describe('what the row of a receiver becomes', () => {
  it('told of the trigger, it is owed the resolve with fresh attempts', () => {
    expect(become({ last_error: 'HTTP 503' }, 'RESOLVED')).toEqual({
      ...buildDelivery(base),
      ...owed,
      desired: 'resolve',
      updated_at: AT,
      revision: 5,
    });
  });

  it('told already what it should know, nothing is owed any more', () => {
    const row = become(
      { desired: 'resolve', next_attempt_at: BUILT_AT, status: 'RETRYING', last_error: 'HTTP 503' },
      'OPEN',
    );
    expect(row).toEqual({
      ...buildDelivery(base),
      status: 'SENT',
      desired: 'trigger',
      desired_at: AT,
      attempts: 0,
      updated_at: AT,
      revision: 5,
    });
  });

  it.each<[string, Partial<Delivery>]>([
    ['an attempt without an end may have said otherwise', { tried: 'resolve' }],
    ['a sender holds the row at this moment', { lease_owner: 'n', lease_until: SOON }],
  ])('told already, it is told again when %s', (_name, fields) => {
    const row = become({ desired: 'resolve', status: 'RETRYING', ...fields }, 'OPEN');
    expect(row).toMatchObject({ ...owed, desired: 'trigger' });
    expect(row).not.toHaveProperty('sent');
  });

  it.each<[string, Partial<Delivery>]>([
    ['the attempt without an end said the same', { tried: 'trigger' }],
    ['the lease has run out', { lease_owner: 'n', lease_until: AT }],
  ])('told already, it is left in peace when %s', (_name, fields) => {
    const row = become({ desired: 'resolve', status: 'RETRYING', ...fields }, 'OPEN');
    expect(row).toMatchObject({ status: 'SENT', sent: 'trigger' });
    expect(row?.next_attempt_at).toBeUndefined();
  });

  it('dead before anybody heard of it, it stays dead and only knows what is wanted', () => {
    const dead = { status: 'DEAD', sent: undefined, desired: 'trigger' } as const;
    const row = become(dead, 'RESOLVED');
    expect(row).toMatchObject({ status: 'DEAD', desired: 'resolve', attempts: 3 });
    expect(row?.next_attempt_at).toBeUndefined();
  });

  it('dead after the trigger arrived, it is tried with what is wanted now, not with the same', () => {
    const dead = { status: 'DEAD', desired: 'acknowledge' } as const;
    expect(become(dead, 'RESOLVED')).toMatchObject({ ...owed, desired: 'resolve' });
    expect(become(dead, 'ACK')).toBeUndefined();
  });

  it('confirmed without ever having been told, it hears of the next trigger only', () => {
    const needless = { status: 'CONFIRMED', sent: undefined, desired: 'trigger' } as const;
    expect(become(needless, 'RESOLVED')).toMatchObject({ status: 'CONFIRMED', desired: 'resolve' });
    expect(become(needless, 'OPEN')).toMatchObject({ ...owed, desired: 'trigger' });
    const doubtful = { ...needless, tried: 'trigger' } as const;
    expect(become(doubtful, 'RESOLVED')).toMatchObject({ ...owed, desired: 'resolve' });
    const told = { ...needless, sent: 'trigger' } as const;
    expect(become(told, 'RESOLVED')).toMatchObject({ ...owed, desired: 'resolve' });
  });

  it('still queued and told to nobody, it is to say only what is wanted now', () => {
    const queued = { sent: undefined, desired: 'trigger', status: 'QUEUED', next_attempt_at: SOON };
    expect(become(queued as Partial<Delivery>, 'RESOLVED')).toMatchObject({
      ...owed,
      desired: 'resolve',
    });
  });

  it('waiting for the same, it goes on waiting', () => {
    const waiting = { desired: 'resolve', next_attempt_at: SOON, status: 'RETRYING' } as const;
    expect(become(waiting, 'RESOLVED')).toBeUndefined();
    // Its next revision makes the commit of whoever is about to settle it fail.
    const trigger = { ...waiting, desired: 'trigger', sent: undefined } as const;
    expect(become(trigger, 'OPEN')).toMatchObject({
      next_attempt_at: SOON,
      attempts: 3,
      revision: 5,
    });
  });

  it('of chat, hears of an acknowledgement only where its message can be changed in place', () => {
    const chat = { channel: 'slack', destination: 'slack-ops' } as const;
    const placed = { destination_ref: 'C1:7' };
    expect(become(chat, 'ACK')).toBeUndefined();
    expect(become({ ...chat, ...placed }, 'ACK')).toMatchObject({ desired: 'acknowledge' });
    const mail = { channel: 'email', destination: 'email-ops', ...placed } as const;
    expect(become(mail, 'ACK')).toBeUndefined();
  });
});

describe('which row speaks to a receiver', () => {
  const step = (n: number, fields: Partial<Delivery>) => buildDelivery({ step: n, ...fields });
  const speaking = (...rows: Delivery[]) => speakersOf(rows).get('pagerduty-ops')?.step;

  it('the last it heard of; the last at all while it heard of none', () => {
    const told = { sent: 'trigger' } as const;
    const tried = { tried: 'trigger' } as const;
    expect(speaking(step(1, told), step(2, {}))).toBe(1);
    expect(speaking(step(1, tried), step(2, {}))).toBe(1);
    expect(speaking(step(2, told), step(1, told))).toBe(2);
    expect(speaking(step(1, {}), step(2, {}))).toBe(2);
    expect(speaking(step(1, {}), step(2, told), step(3, {}))).toBe(2);
  });
});
