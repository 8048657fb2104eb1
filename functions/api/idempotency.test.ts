import { describe, expect, it } from 'vitest';

import { createApiRig } from './api-rig.testing.ts';

const EVENT = '{"source":"s","type":"t","severity":"INFO","payload":{}}';
const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';

function rigWithCount() {
  const rig = createApiRig();
  let puts = 0;
  const { stream } = rig.api;
  rig.api.stream = {
    put(records) {
      puts++;
      return stream.put(records);
    },
  };
  const send = (key: string, body = EVENT, groups = ['producer']) =>
    rig.request('POST', '/v1/events', { groups, body, headers: { 'idempotency-key': key } });
  return { rig, send, puts: () => puts };
}

describe('Idempotency-Key', () => {
  it('gives a repeated request the first answer and does nothing again', async () => {
    const { send, puts } = rigWithCount();
    const first = await send('k1');
    expect(await send('k1')).toEqual(first);
    expect([first.status, puts()]).toEqual([202, 1]);
  });

  it('refuses the key for another body, and keeps callers and tenants apart', async () => {
    const { send, puts } = rigWithCount();
    await send('k1');
    expect((await send('k1', EVENT.replace('INFO', 'WARN'))).status).toBe(409);
    expect((await send('k1', EVENT, ['producer', 'tenant-other'])).status).toBe(202);
    expect(puts()).toBe(2);
  });

  it('runs the request once when two arrive at the same time', async () => {
    const { send, puts } = rigWithCount();
    const answers = await Promise.all([send('k1'), send('k1')]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
    expect(puts()).toBe(1);
  });

  it('forgets a refusal at once and an answer after 24 hours', async () => {
    const { rig, send, puts } = rigWithCount();
    const ack = () =>
      rig.request('POST', `/v1/alerts/${ALERT}/ack`, {
        groups: ['responder'],
        headers: { 'idempotency-key': 'k2' },
      });
    expect((await ack()).status).toBe(404);
    await rig.putAlert();
    expect((await ack()).status).toBe(200);
    await send('k1');
    rig.clock.now += 24 * 3_600_000;
    await send('k1');
    expect(puts()).toBe(2);
  });

  it('never keeps a ticket', async () => {
    const { rig } = rigWithCount();
    const ask = () =>
      rig.request('POST', '/v1/live/ticket', {
        groups: ['viewer'],
        headers: { 'idempotency-key': 'k3' },
      });
    expect((await ask()).json.ticket).not.toBe((await ask()).json.ticket);
  });
});
