import { describe, expect, it } from 'vitest';

import { createLiveRig, ORIGIN } from './live-rig.testing.ts';

const effectOf = async (
  handshake: Promise<{ policyDocument: { Statement: { Effect: string }[] } }>,
) => (await handshake).policyDocument.Statement[0]!.Effect;

describe('a ticket', () => {
  it('opens one connection, however many race for it', async () => {
    const rig = createLiveRig();
    const ticket = await rig.ticketFor(['viewer']);
    const effects = await Promise.all(
      Array.from({ length: 10 }, () => effectOf(rig.handshake(ticket, ORIGIN))),
    );
    expect(effects.filter((effect) => effect === 'Allow')).toHaveLength(1);
    expect(await effectOf(rig.handshake(ticket, ORIGIN))).toBe('Deny');
  });

  it('is good for 30 seconds', async () => {
    const rig = createLiveRig();
    const [early, late] = [await rig.ticketFor(['viewer']), await rig.ticketFor(['viewer'])];
    rig.clock.now += 29_999;
    expect(await effectOf(rig.handshake(early, ORIGIN))).toBe('Allow');
    rig.clock.now += 1;
    expect(await effectOf(rig.handshake(late, ORIGIN))).toBe('Deny');
  });

  it('opens nothing for a page of another origin, which does not use it up; scripts send no origin', async () => {
    const rig = createLiveRig();
    const ticket = await rig.ticketFor(['viewer']);
    for (const origin of ['https://evil.example', 'null', '', `${ORIGIN}.evil.example`])
      expect(await effectOf(rig.handshake(ticket, origin))).toBe('Deny');
    expect(await effectOf(rig.handshake(ticket))).toBe('Allow');
  });

  it.each([undefined, '', 'x', '../../etc', 'a'.repeat(43), 'a'.repeat(10_000), '__proto__'])(
    'that nobody gave out (%j) opens nothing',
    async (ticket) => {
      expect(await effectOf(createLiveRig().handshake(ticket, ORIGIN))).toBe('Deny');
    },
  );

  it('carries the tenant, actor and scopes of the token that asked for it', async () => {
    const rig = createLiveRig();
    const { context } = await rig.handshake(await rig.ticketFor(['viewer', 'tenant-acme']));
    expect(context).toMatchObject({
      tenant: 'acme',
      actor: 'user:rosa',
      scopes: 'sentry.read sentry.alert.read sentry.policy.read',
    });
  });
});

describe('$connect', () => {
  const whole = { tenant: 'default', actor: 'user:rosa', scopes: '', exp: '99999999999999' };
  it.each([
    ['no authorizer', undefined],
    ['an empty authorizer', {}],
    ['no tenant', { ...whole, tenant: undefined }],
    ['a tenant that is a key', { ...whole, tenant: 'a#T' }],
    ['no actor', { ...whole, actor: '' }],
    ['no scopes', { ...whole, scopes: undefined }],
    ['no expiry', { ...whole, exp: undefined }],
    ['a senseless expiry', { ...whole, exp: 'never' }],
    ['a token that has expired', { ...whole, exp: '1' }],
  ])('lets nobody in with %s', async (_what, authorizer) => {
    const rig = createLiveRig();
    expect((await rig.route('$connect', 'c-1', { authorizer })).statusCode).toBe(403);
    expect(await rig.api.live.getConnection('c-1')).toBeUndefined();
  });

  it('is undone by $disconnect, and repeating that is fine', async () => {
    const rig = createLiveRig();
    const id = await rig.connect(['viewer']);
    await rig.route('$disconnect', id);
    await rig.route('$disconnect', id);
    expect(await rig.api.live.getConnection(id)).toBeUndefined();
    expect((await rig.call(id, 'hello')).error.code).toBe(-32001);
    expect(rig.push.closed).toEqual([id]);
  });
});
