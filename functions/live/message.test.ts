import { describe, expect, it } from 'vitest';

import { ROLES, type Role } from '#shared/access/scope.ts';
import { ROUTE_ACCESS, type RouteAccess } from '#shared/api/route-access.ts';

import { createLiveRig } from './live-rig.testing.ts';

const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';

describe('the live protocol', () => {
  it('says hello with principal, limits, topics and every live method', async () => {
    const rig = createLiveRig();
    const { result } = await rig.call(await rig.connect(['viewer']), 'hello');
    expect(result).toMatchObject({
      protocol: 'sentry.v1.json',
      principal: { tenant: 'default', actor: 'user:rosa' },
      topics: ['alerts', 'deliveries', 'rules', 'feed'],
      heads: {},
    });
    const live = ROUTE_ACCESS.filter((route) => route.live).map((route) => route.operation);
    expect(result.methods).toEqual(['hello', 'ping', 'subscribe', 'unsubscribe', ...live]);
  });

  it('runs an operation as HTTP does, and answers a lost race with the winner', async () => {
    const rig = createLiveRig();
    await rig.putAlert();
    const id = await rig.connect(['responder']);
    const acked = await rig.call(id, 'alerts.ack', { alert_id: ALERT, if_version: 1 });
    expect(acked).toMatchObject({ id: 1, result: { state: 'ACK', acknowledged_by: 'user:rosa' } });
    const late = await rig.call(id, 'alerts.assign', {
      alert_id: ALERT,
      if_version: 1,
      assigned_to: 'max',
    });
    expect(late.error).toMatchObject({ code: -32009, data: { current: { state: 'ACK' } } });
  });

  it('gives a notification no answer, but does what it says', async () => {
    const rig = createLiveRig();
    await rig.putAlert();
    const id = await rig.connect(['responder']);
    const params = { alert_id: ALERT };
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'alerts.ack', params });
    expect(await rig.sendText(id, text)).toBeUndefined();
    expect((await rig.api.work.getAlert('default', ALERT))?.state).toBe('ACK');
  });

  it('refuses an answer that does not fit a message, and points to HTTP', async () => {
    const rig = createLiveRig();
    const alert = await rig.putAlert();
    const [evidence] = alert.evidence.first;
    const first = Array.from({ length: 5 }, () => ({
      ...evidence!,
      payload_json: '\u0001'.repeat(4096),
    }));
    await rig.putAlert({ alert_id: 'b'.repeat(26), evidence: { first, last: [] } });
    const id = await rig.connect(['viewer']);
    const answer = await rig.call(id, 'alerts.get', { alert_id: 'b'.repeat(26) });
    expect(answer.error.code).toBe(-32013);
  });
});

describe('who may do what over the socket', () => {
  const live = (ROUTE_ACCESS as readonly RouteAccess[]).filter((route) => route.live);
  it.each(Object.keys(ROLES) as Role[])('is what the route table says for %s', async (role) => {
    const rig = createLiveRig();
    const id = await rig.connect([role]);
    for (const { operation, access } of live) {
      const mayCall = (ROLES[role] as readonly string[]).includes(access);
      // One a second: there are more methods than a connection may call in one.
      rig.clock.now += 1_000;
      const { error } = await rig.call(id, operation, {});
      expect([operation, error?.code === -32003]).toEqual([operation, !mayCall]);
    }
  });

  it('never reaches another tenant', async () => {
    const rig = createLiveRig();
    await rig.putAlert({ title: 'SECRET' });
    const id = await rig.connect(['admin', 'tenant-other']);
    expect((await rig.call(id, 'alerts.get', { alert_id: ALERT })).error.code).toBe(-32004);
    expect((await rig.call(id, 'alerts.list')).result.items).toEqual([]);
    expect((await rig.call(id, 'subscribe', { topic: 'alerts' })).result.items).toEqual([]);
  });

  it('offers only what the table calls live', async () => {
    const rig = createLiveRig();
    const id = await rig.connect(['admin']);
    for (const method of ['events.ingest', 'live.ticket', 'toString', '__proto__', 'nothing'])
      expect((await rig.call(id, method)).error.code).toBe(-32601);
  });
});

describe('hostile messages', () => {
  it.each([
    ['no JSON', '{', -32700, null],
    ['nothing', '', -32700, null],
    ['a number', '7', -32600, null],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
    ['another protocol', '{"jsonrpc":"1.0","id":5,"method":"ping"}', -32600, 5],
    ['params in a list', '{"jsonrpc":"2.0","id":5,"method":"ping","params":[1]}', -32600, 5],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
    ['depth 7,000', '['.repeat(7000), -32600, null],
    ['1 MB', `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(1_000_000)}"}`, -32013, null],
    ['an unknown field', '{"jsonrpc":"2.0","id":5,"method":"ping","params":{},"x":1}', -32600, 5],
  ])('with %s get the right error', async (_what, text, code, messageId) => {
    const rig = createLiveRig();
    const answer = await rig.sendText(await rig.connect(['responder']), text);
    expect([answer.error.code, answer.id]).toEqual([code, messageId]);
    expect(rig.warnings).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('with %s change nothing', async (name) => {
    const rig = createLiveRig();
    await rig.putAlert();
    const id = await rig.connect(['responder']);
    const text = (params: string) =>
      `{"jsonrpc":"2.0","id":1,"method":"subscribe","params":${params}}`;
    await rig.sendText(id, text(`{"topic":"alerts","filter":{"${name}":{"state":["OPEN"]}}}`));
    await rig.sendText(id, text(`{"topic":"alerts","${name}":{"filter":{"q":"x"}}}`));
    await rig.sendText(id, text(`{"topic":"${name}"}`));
    await rig.sendText(id, `{"jsonrpc":"2.0","id":1,"method":"ping","${name}":{"x":1}}`);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect((await rig.call(id, 'alerts.list')).result.items).toHaveLength(1);
  });

  it('beyond 50 a second are refused until the next second', async () => {
    const rig = createLiveRig();
    const id = await rig.connect(['viewer']);
    const answers = [];
    for (let n = 0; n < 60; n++) answers.push(await rig.call(id, 'ping'));
    expect(answers.filter(({ error }) => error?.code === -32029)).toHaveLength(10);
    rig.clock.now += 1000;
    expect((await rig.call(id, 'ping')).result).toBeDefined();
  });
});

describe('an expired token', () => {
  it('ends the connection at its next message, saying why', async () => {
    const rig = createLiveRig();
    await rig.putAlert();
    const id = await rig.connect(['responder']);
    rig.clock.now += 3_600_000;
    expect(await rig.call(id, 'alerts.ack', { alert_id: ALERT })).toBeUndefined();
    expect((await rig.api.work.getAlert('default', ALERT))?.state).toBe('OPEN');
    expect(rig.pushedTo(id)).toMatchObject([{ method: 'bye', params: { code: 4401 } }]);
    expect(rig.push.closed).toEqual([id]);
  });

  it('ends the connection at the next push, which it does not get', async () => {
    const rig = createLiveRig();
    const id = await rig.connect(['viewer']);
    await rig.call(id, 'subscribe', { topic: 'alerts' });
    rig.clock.now += 3_600_000;
    await rig.publish(await rig.putAlert());
    expect(rig.pushedTo(id).map(({ method }) => method)).toEqual(['bye']);
    expect(await rig.api.live.getConnection(id)).toBeUndefined();
  });
});
