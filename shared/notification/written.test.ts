import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildAlert, buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { account } from './account.ts';
import { fallBack } from './fall-back.ts';
import { decideRedrive } from './redrive.ts';
import type { ChannelConfig, Delivery, OwnChannel } from './schema.ts';
import { tryCommit } from './try-commit.ts';

const clock = { now: Date.parse(BUILT_AT) + 60_000 };
const AT = new Date(clock.now).toISOString();
const ctx = buildContext(clock);
const dead = buildDelivery({
  status: 'DEAD',
  attempts: 9,
  last_error: 'HTTP 404',
  lease_owner: 'n',
  lease_until: BUILT_AT,
  receipt: '202',
  revision: 12,
});

describe('what is told of a delivery', () => {
  it('is one entry of its alert and one announcement, without the lease', () => {
    const { journal, outbox } = account(ctx, 'dead', dead, 'trigger', ['slack']);
    const { lease_owner: _owner, lease_until: _until, ...shown } = dead;
    expect(journal).toMatchObject([
      {
        tenant: 't1',
        subject: { kind: 'alert', id: dead.alert_id },
        action: 'notification.dead',
        actor: 'user:rosa',
        at: AT,
        correlation_id: 'c-1',
        security_level: 'internal',
      },
    ]);
    expect(journal[0]!.after).toEqual({
      channel: 'pagerduty',
      destination: 'pagerduty-ops',
      step: 1,
      intent: 'trigger',
      attempts: 9,
      error: 'HTTP 404',
    });
    const { type, payload, timestamp } = outbox[0]!.envelope;
    expect({ type, timestamp }).toEqual({ type: 'delivery.dead', timestamp: clock.now / 1000 });
    expect(payload).toStrictEqual({
      tenant: 't1',
      alert: { alert_id: dead.alert_id },
      delivery: shown,
      channels: ['slack'],
    });
  });

  it('says the receipt of what arrived, and neither of what is only taken up again', () => {
    expect(account(ctx, 'sent', dead, 'trigger').journal[0]!.after).toMatchObject({
      receipt: '202',
    });
    expect(account(ctx, 'sent', dead, 'trigger').journal[0]!.after).not.toHaveProperty('error');
    const redriven = account(ctx, 'redriven', dead, 'trigger').journal[0]!.after;
    expect(redriven).not.toHaveProperty('error');
    expect(redriven).not.toHaveProperty('receipt');
  });

  it('is the same for the same revision and another for the next', () => {
    const ids = (row: Delivery) => {
      const { journal, outbox } = account(ctx, 'failed', row, 'trigger');
      return [journal[0]!.entry_id, outbox[0]!.outbox_id];
    };
    const next = { ...dead, revision: 13 };
    const neighbour = { ...dead, delivery_key: 'another' };
    expect(ids(dead)).toEqual(ids({ ...dead }));
    expect(new Set([dead, next, neighbour].flatMap(ids)).size).toBe(6);
  });
});

describe('a dead delivery', () => {
  it('taken up again is owed at once, without what its last end left, and wakes its channel', () => {
    const { changes, journal, outbox } = decideRedrive(ctx, dead);
    const { last_error: _e, lease_owner: _o, lease_until: _u, ...rest } = dead;
    expect(changes).toStrictEqual([
      {
        kind: 'delivery',
        expected: 12,
        row: {
          ...rest,
          status: 'QUEUED',
          attempts: 0,
          redriven_at: AT,
          next_attempt_at: AT,
          updated_at: AT,
          revision: 13,
        },
      },
    ]);
    expect(journal).toHaveLength(1);
    expect(outbox[0]!.envelope.payload.channels).toEqual(['pagerduty']);
  });

  const channel = { channel_id: 'pagerduty-ops', secondary: 'mail-b' } as ChannelConfig;
  const second = { channel_id: 'mail-b', channel: 'email', name: 'B', enabled: true } as OwnChannel;
  const fallen = (
    fields: { row?: Partial<Delivery>; alert?: object; told?: Delivery; own?: Partial<OwnChannel> },
    config: ChannelConfig | undefined = channel,
  ) =>
    fallBack(
      {
        work: { getDelivery: async () => fields.told },
        channels: { get: async () => ({ ...second, ...fields.own }) },
      },
      { ...dead, ...fields.row },
      buildAlert(fields.alert),
      config,
      clock.now,
    );

  it('of an open alert goes to the secondary of its channel, in the same step', async () => {
    expect(await fallen({})).toStrictEqual({
      delivery_key: `${dead.alert_id}|1|mail-b`,
      tenant: 't1',
      alert_id: dead.alert_id,
      step: 1,
      channel: 'email',
      destination: 'mail-b',
      status: 'QUEUED',
      desired: 'trigger',
      attempts: 0,
      created_at: AT,
      updated_at: AT,
      desired_at: AT,
      next_attempt_at: AT,
      revision: 1,
    });
  });

  it.each<[string, Parameters<typeof fallen>[0], ChannelConfig?]>([
    ['nobody waits for its message', { row: { desired: 'resolve' } }],
    ['its alert is no longer open', { alert: { state: 'ACK' } }],
    ['its secondary is switched off', { own: { enabled: false } }],
    ['its secondary is told in this step already', { told: dead }],
    ['it has no secondary', {}, { channel_id: 'pagerduty-ops' } as ChannelConfig],
  ])('goes nowhere when %s', async (_name, fields, config) => {
    expect(await fallen(fields, config)).toBeUndefined();
  });
});

describe('a commit that is tried', () => {
  const nothing = { changes: [], journal: [], outbox: [] };
  const failing = (error: unknown) => ({
    commit: async () => {
      throw error;
    },
  });

  it('says whether it was the first', async () => {
    expect(await tryCommit({ commit: async () => undefined }, nothing)).toBe(true);
    expect(await tryCommit(failing(new SentryError('conflict', 'lost')), nothing)).toBe(false);
  });

  it('throws what is no lost race', async () => {
    for (const error of [
      new SentryError('unavailable', 'not now'),
      Object.assign(new Error('odd'), { code: 'conflict' }),
    ])
      await expect(tryCommit(failing(error), nothing)).rejects.toBe(error);
  });
});
