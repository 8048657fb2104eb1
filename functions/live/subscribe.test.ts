import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';

import { createLiveRig } from './live-rig.testing.ts';

const idOf = (n: number) => `alert-${String(n).padStart(20, '0')}`;

async function rigWithViewer(filter: object = {}) {
  const rig = createLiveRig();
  const viewer = await rig.connect(['viewer']);
  const { result } = await rig.call(viewer, 'subscribe', { topic: 'alerts', filter });
  return { rig, viewer, position: result.position as { epoch: string; offset: number } };
}

describe('subscribe', () => {
  it('gives a snapshot with active alerts first, and the position from which pushes follow', async () => {
    const rig = createLiveRig();
    await rig.putAlert({ alert_id: idOf(1), state: 'ACK', created_at: '2026-03-01T10:00:00.000Z' });
    await rig.putAlert({
      alert_id: idOf(2),
      state: 'RESOLVED',
      created_at: '2026-03-01T11:00:00.000Z',
    });
    const viewer = await rig.connect(['viewer']);
    const { result } = await rig.call(viewer, 'subscribe', { topic: 'alerts' });
    expect(result).toMatchObject({ mode: 'snapshot', position: { offset: 0 }, truncated: false });
    expect(result.items.map(({ alert_id }: Alert) => alert_id)).toEqual([idOf(1), idOf(2)]);
    await rig.publish(await rig.putAlert({ alert_id: idOf(3) }));
    expect(rig.pushedTo(viewer)).toMatchObject([
      {
        method: 'event',
        params: { topic: 'alerts', epoch: result.position.epoch, from: 1, to: 1 },
      },
    ]);
    expect(rig.pushedTo(viewer)[0].params.items).toMatchObject([{ alert_id: idOf(3) }]);
  });

  it('sends what does not fit one message in parts before the result, 500 alerts in all', async () => {
    const rig = createLiveRig();
    for (let n = 0; n < 510; n++) await rig.putAlert({ alert_id: idOf(n), title: 'é'.repeat(200) });
    const viewer = await rig.connect(['viewer']);
    const { result } = await rig.call(viewer, 'subscribe', { topic: 'alerts' });
    const parts = rig.pushedTo(viewer);
    expect(new Set(parts.map(({ method }) => method))).toEqual(new Set(['snapshot']));
    const all = [...parts.flatMap(({ params }) => params.items), ...result.items];
    expect(new Set(all.map(({ alert_id }: Alert) => alert_id)).size).toBe(500);
    expect(result.truncated).toBe(true);
    for (const part of [...parts, result])
      expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(128 * 1024);
  });

  it('replays exactly what was missed, and then goes on', async () => {
    const { rig, viewer, position } = await rigWithViewer();
    for (let n = 1; n <= 3; n++) await rig.publish(await rig.putAlert({ alert_id: idOf(n) }));
    const since = { ...position, offset: 1 };
    const { result } = await rig.call(viewer, 'subscribe', { topic: 'alerts', since });
    expect(result).toMatchObject({ mode: 'replay', position: { ...position, offset: 3 } });
    expect(result.items.map(({ alert_id }: Alert) => alert_id)).toEqual([idOf(2), idOf(3)]);
    const again = await rig.call(viewer, 'subscribe', { topic: 'alerts', since: result.position });
    expect(again.result).toMatchObject({ mode: 'replay', items: [] });
  });

  it.each([
    ['another epoch', { epoch: 'former', offset: 1 }],
    ['a position beyond the head', { offset: 99 }],
  ])('takes a new snapshot for %s', async (_what, since) => {
    const { rig, viewer, position } = await rigWithViewer();
    await rig.publish(await rig.putAlert());
    const params = { topic: 'alerts', since: { ...position, ...since } };
    expect((await rig.call(viewer, 'subscribe', params)).result).toMatchObject({
      mode: 'snapshot',
      position: { ...position, offset: 1 },
    });
  });

  it('takes a new snapshot when frames are no longer kept', async () => {
    const { rig, viewer, position } = await rigWithViewer();
    await rig.publish(await rig.putAlert());
    rig.clock.now += 15 * 60_000;
    const params = { topic: 'alerts', since: position };
    expect((await rig.call(viewer, 'subscribe', params)).result.mode).toBe('snapshot');
  });

  it('shows a lost push as a gap, and at the latest in the heads of a ping', async () => {
    const { rig, viewer, position } = await rigWithViewer();
    rig.push.fail.set(viewer, 'lost');
    await rig.publish(await rig.putAlert({ alert_id: idOf(1) }));
    rig.push.fail.delete(viewer);
    expect((await rig.call(viewer, 'ping')).result.heads.alerts).toEqual({
      ...position,
      offset: 1,
    });
    await rig.publish(await rig.putAlert({ alert_id: idOf(2) }));
    expect(rig.pushedTo(viewer)[0].params).toMatchObject({ from: 2, to: 2 });
    const { result } = await rig.call(viewer, 'subscribe', { topic: 'alerts', since: position });
    expect(result.items.map(({ alert_id }: Alert) => alert_id)).toEqual([idOf(1), idOf(2)]);
  });

  it('keeps the offsets of a filtered viewer without holes', async () => {
    const { rig, viewer } = await rigWithViewer({ service: ['payments'] });
    await rig.publish(await rig.putAlert({ alert_id: idOf(1) }));
    await rig.publish(await rig.putAlert({ alert_id: idOf(2), service: 'payments' }));
    expect(rig.pushedTo(viewer).map(({ params }) => params)).toMatchObject([
      { from: 1, to: 1, items: [] },
      { from: 2, to: 2, items: [{ alert_id: idOf(2) }] },
    ]);
  });

  it('tells a viewer of open alerts that one is gone from the filter', async () => {
    const { rig, viewer } = await rigWithViewer({ state: ['OPEN'] });
    const alert = await rig.putAlert({ alert_id: idOf(1) });
    await rig.publish(alert);
    await rig.publish({ ...alert, state: 'ACK', revision: 2 });
    expect(rig.pushedTo(viewer)[1].params.items).toEqual([
      { alert_id: idOf(1), revision: 2, gone: true },
    ]);
  });

  it('cuts many changes into pushes of at most 28 KB with offsets that join', async () => {
    const { rig, viewer } = await rigWithViewer();
    const alerts = [];
    for (let n = 0; n < 200; n++)
      alerts.push(await rig.putAlert({ alert_id: idOf(n), title: '"'.repeat(256) }));
    await rig.publish(...alerts);
    const told = rig.pushedTo(viewer);
    let next = 1;
    for (const message of told) {
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(28 * 1024);
      expect(message.params.from).toBe(next);
      next = message.params.to + 1;
    }
    expect(told.flatMap(({ params }) => params.items)).toHaveLength(200);
  });

  it('forgets a connection that is gone and stops pushing after unsubscribe', async () => {
    const { rig, viewer } = await rigWithViewer();
    const other = await rig.connect(['viewer']);
    await rig.call(other, 'subscribe', { topic: 'alerts' });
    rig.push.fail.set(viewer, 'gone');
    await rig.publish(await rig.putAlert({ alert_id: idOf(1) }));
    expect(await rig.api.live.getConnection(viewer)).toBeUndefined();
    await rig.call(other, 'unsubscribe', { topic: 'alerts' });
    await rig.call(await rig.connect(['viewer']), 'subscribe', { topic: 'alerts' });
    await rig.publish(await rig.putAlert({ alert_id: idOf(2) }));
    expect(rig.pushedTo(other)).toHaveLength(1);
  });

  it('is refused without the scope of the topic', async () => {
    const rig = createLiveRig();
    const producer = await rig.connect(['producer']);
    for (const topic of ['alerts', 'deliveries', 'rules', 'feed'])
      expect((await rig.call(producer, 'subscribe', { topic })).error.code).toBe(-32003);
    expect((await rig.api.live.getConnection(producer))?.subscriptions).toEqual([]);
  });

  it('is refused for an unknown topic, a filter of another topic and a senseless position', async () => {
    const rig = createLiveRig();
    const viewer = await rig.connect(['viewer']);
    for (const params of [
      { topic: 'secrets' },
      { topic: 'feed', filter: { q: 'x' } },
      { topic: 'alerts', filter: { stat: ['OPEN'] } },
      { topic: 'alerts', since: { epoch: 'e', offset: -1 } },
      {},
    ])
      expect((await rig.call(viewer, 'subscribe', params)).error.code).toBe(-32602);
  });
});
