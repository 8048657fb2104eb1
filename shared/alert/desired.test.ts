import { describe, expect, it } from 'vitest';

import type { Delivery } from '#shared/notification/schema.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';

import { desireDeliveries, owedChannels } from './desired.ts';

const LATER = '2026-03-01T13:00:00.000Z';
const told = (fields: Partial<Delivery>): Delivery =>
  buildDelivery({
    status: 'SENT',
    sent: 'trigger',
    next_attempt_at: undefined,
    attempts: 1,
    ...fields,
  });
const only = (rows: Delivery[]) => {
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

describe('what receivers should know', () => {
  it('owes the pager an acknowledgement after it was triggered', () => {
    expect(only(desireDeliveries([told({})], 'ACK', LATER))).toMatchObject({
      desired: 'acknowledge',
      sent: 'trigger',
      status: 'QUEUED',
      attempts: 0,
      desired_at: LATER,
      next_attempt_at: LATER,
      revision: 2,
    });
  });

  it('owes e-mail nothing on acknowledgement, resolve or reopening', () => {
    const mail = told({ channel: 'email' });
    for (const state of ['ACK', 'RESOLVED', 'OPEN'] as const)
      expect(desireDeliveries([mail], state, LATER)).toEqual([]);
  });

  it('owes nothing any more when the acknowledgement was taken back before it was told', () => {
    const acked = only(desireDeliveries([told({})], 'ACK', LATER));
    const back = only(desireDeliveries([acked], 'OPEN', LATER));
    expect(back).toMatchObject({ desired: 'trigger', sent: 'trigger', status: 'SENT' });
    expect(back.next_attempt_at).toBeUndefined();
  });

  it('tells again when a sender may have said the opposite at this moment', () => {
    const acked = only(desireDeliveries([told({})], 'ACK', BUILT_AT));
    const leased = { ...acked, lease_owner: 'n', lease_until: '2026-03-01T13:00:30.000Z' };
    const back = only(desireDeliveries([leased], 'OPEN', LATER));
    expect(back).toMatchObject({ desired: 'trigger', status: 'QUEUED', next_attempt_at: LATER });
    expect(back.sent).toBeUndefined();
    expect(back.lease_owner).toBe('n');
  });

  it('pages after all when the acknowledgement that made the page needless is taken back', () => {
    const confirmed = told({ channel: 'email', status: 'CONFIRMED', sent: undefined });
    expect(only(desireDeliveries([confirmed], 'OPEN', LATER))).toMatchObject({
      desired: 'trigger',
      status: 'QUEUED',
      next_attempt_at: LATER,
    });
    expect(
      only(desireDeliveries([{ ...confirmed, channel: 'slack' }], 'RESOLVED', LATER)),
    ).toMatchObject({ desired: 'resolve', status: 'CONFIRMED' });
  });

  it('never wakes a dead delivery that nobody was told by', () => {
    const dead = told({ status: 'DEAD', sent: undefined });
    expect(only(desireDeliveries([dead], 'RESOLVED', LATER)).next_attempt_at).toBeUndefined();
    expect(only(desireDeliveries([dead], 'ACK', LATER)).status).toBe('DEAD');
  });

  it('writes a trigger anew that is still being tried, so that whoever is settling it fails', () => {
    const trying = buildDelivery({ status: 'RETRYING', attempts: 3, next_attempt_at: LATER });
    const again = { ...trying, updated_at: LATER, revision: 2 };
    expect(desireDeliveries([trying], 'OPEN', LATER)).toEqual([again]);
  });

  it('lets rows expire with the resolve and keeps them when it is taken back', () => {
    const mail = told({ channel: 'email' });
    const resolved = only(
      desireDeliveries([mail], 'RESOLVED', LATER, { expiresAt: '2026-06-01T00:00:00.000Z' }),
    );
    expect(resolved).toMatchObject({ desired: 'trigger', sent: 'trigger', status: 'SENT' });
    expect(resolved.expires_at).toBe('2026-06-01T00:00:00.000Z');
    const reopened = only(desireDeliveries([resolved], 'OPEN', LATER));
    expect('expires_at' in reopened).toBe(false);
  });

  it('tells a destination that several steps told once, by the row it last heard of', () => {
    const rows = [
      told({ step: 1 }),
      told({ step: 3 }),
      buildDelivery({ step: 5 }),
      told({ step: 2, destination: 'other' }),
    ];
    const changed = desireDeliveries(rows, 'ACK', LATER);
    expect(changed.map(({ step, destination }) => [step, destination])).toEqual([
      [3, 'pagerduty-ops'],
      [2, 'other'],
    ]);
    const resolved = desireDeliveries(rows, 'RESOLVED', LATER, { expiresAt: LATER });
    expect(resolved.map(({ step, desired }) => `${step} ${desired}`)).toEqual([
      '3 resolve',
      '5 trigger',
      '2 resolve',
      '1 trigger',
    ]);
  });

  it('leaves alone whom the same commit tells anew', () => {
    const renewed = new Set(['pagerduty-ops']);
    const acked = told({ sent: 'acknowledge', desired: 'acknowledge' });
    expect(desireDeliveries([acked], 'OPEN', LATER, { renewed })).toEqual([]);
  });

  it('names each owed channel once', () => {
    const rows = [buildDelivery(), buildDelivery({ destination: 'b' }), told({ channel: 'slack' })];
    expect(owedChannels(rows)).toEqual(['pagerduty']);
  });
});
