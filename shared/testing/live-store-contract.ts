import { describe, expect, it } from 'vitest';

import type { Connection, LiveStore, Ticket } from '#shared/ports/live-store.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const TICKET: Ticket = {
  tenant: 't1',
  actor: 'user:rosa',
  scopes: ['sentry.alert.read'],
  token_expires_at: NOW + 3_600_000,
  expires_at: NOW + 30_000,
};
const connectionOf = (connection_id: string, fields: Partial<Connection> = {}): Connection => ({
  tenant: 't1',
  actor: 'user:rosa',
  scopes: ['sentry.alert.read', 'sentry.read'],
  token_expires_at: NOW + 3_600_000,
  connection_id,
  connected_at: NOW,
  expires_at: NOW + 7_800_000,
  subscriptions: [],
  ...fields,
});

/** What every live store keeps to; `make` gives an empty one. */
export function liveStoreContract(make: () => LiveStore | Promise<LiveStore>): void {
  describe('tickets', () => {
    it('give themselves to exactly one of many callers', async () => {
      const store = await make();
      await store.putTicket('h1', TICKET);
      const takers = await Promise.all(Array.from({ length: 8 }, () => store.takeTicket('h1')));
      expect(takers.filter((taken) => taken !== undefined)).toEqual([TICKET]);
      expect(await store.takeTicket('unknown')).toBeUndefined();
    });
  });

  describe('connections', () => {
    it('come back as they were written, and are gone once deleted', async () => {
      const store = await make();
      const written = connectionOf('c1', {
        subscriptions: [{ topic: 'alerts', filter: { q: '__proto__' } }],
      });
      await store.putConnection(written);
      expect(await store.getConnection('c1')).toEqual(written);
      await store.deleteConnection('c1');
      await store.deleteConnection('c1');
      expect(await store.getConnection('c1')).toBeUndefined();
      expect(await store.listConnections('t1', NOW)).toEqual([]);
    });

    it('hold one subscription per topic, also when two are written at once', async () => {
      const store = await make();
      await store.putConnection(connectionOf('c1'));
      const both = await Promise.all([
        store.putSubscription('c1', { topic: 'alerts', filter: { state: ['OPEN'] } }),
        store.putSubscription('c1', { topic: 'feed', filter: {} }),
      ]);
      expect(both).toEqual([true, true]);
      await store.putSubscription('c1', { topic: 'alerts', filter: {} });
      const held = (await store.getConnection('c1'))!.subscriptions;
      expect(new Set(held)).toEqual(
        new Set([
          { topic: 'alerts', filter: {} },
          { topic: 'feed', filter: {} },
        ]),
      );
      await store.deleteSubscription('c1', 'alerts');
      await store.deleteSubscription('c1', 'rules');
      expect((await store.getConnection('c1'))!.subscriptions).toEqual([
        { topic: 'feed', filter: {} },
      ]);
    });

    it('are not brought back by a subscription that comes after the end', async () => {
      const store = await make();
      await store.putConnection(connectionOf('c1'));
      await store.deleteConnection('c1');
      expect(await store.putSubscription('c1', { topic: 'feed', filter: {} })).toBe(false);
      await store.deleteSubscription('c1', 'feed');
      expect(await store.listConnections('t1', NOW)).toEqual([]);
    });

    it('are listed for their tenant until they expire', async () => {
      const store = await make();
      await store.putConnection(connectionOf('c1'));
      await store.putConnection(connectionOf('c2', { expires_at: NOW + 1000 }));
      await store.putConnection(connectionOf('c3', { tenant: 't2' }));
      const idsAt = async (tenant: string, now: number) =>
        new Set((await store.listConnections(tenant, now)).map((row) => row.connection_id));
      expect(await idsAt('t1', NOW)).toEqual(new Set(['c1', 'c2']));
      expect(await idsAt('t1', NOW + 1000)).toEqual(new Set(['c1']));
      expect(await idsAt('t2', NOW)).toEqual(new Set(['c3']));
    });
  });

  describe('topics', () => {
    it('begin with the first join and keep their epoch', async () => {
      const store = await make();
      expect(await store.heads('t1', ['alerts'])).toEqual(new Map());
      const first = await store.joinTopic('t1', 'alerts', 'e1');
      expect(first).toEqual({ epoch: 'e1', offset: 0, generation: 1 });
      const second = await store.joinTopic('t1', 'alerts', 'e2');
      expect(second).toEqual({ epoch: 'e1', offset: 0, generation: 2 });
      expect(await store.heads('t1', ['rules', 'alerts'])).toEqual(new Map([['alerts', second]]));
      expect(await store.heads('t2', ['alerts'])).toEqual(new Map());
    });

    it('number frames one after the other, whoever appends at the same time', async () => {
      const store = await make();
      const head = await store.joinTopic('t1', 'alerts', 'e1');
      const attempts = await Promise.all(
        ['"a"', '"b"', '"c"'].map((item) =>
          store.appendFrames('t1', 'alerts', head, [[item], [item]], NOW + 900_000, false),
        ),
      );
      expect(attempts.filter(Boolean)).toHaveLength(1);
      expect((await store.heads('t1', ['alerts'])).get('alerts')?.offset).toBe(2);
      const frames = await store.readFrames('t1', 'alerts', { epoch: 'e1', offset: 0 }, 9, NOW);
      expect(frames.map(({ offset }) => offset)).toEqual([1, 2]);
    });

    it('refuse an append by a head from before a join, unless joins do not matter', async () => {
      const store = await make();
      const old = await store.joinTopic('t1', 'alerts', 'e1');
      await store.joinTopic('t1', 'alerts', 'e1');
      const append = (anyGeneration: boolean) =>
        store.appendFrames('t1', 'alerts', old, [['1']], NOW + 900_000, anyGeneration);
      expect([await append(false), await append(true), await append(true)]).toEqual([
        false,
        true,
        false,
      ]);
    });

    it('give kept frames back by epoch and offset, whole, until they expire', async () => {
      const store = await make();
      const head = await store.joinTopic('t1', 'alerts', 'e1');
      const items = [JSON.stringify({ title: 'é,"]}', __proto__: 1 }), '{"a":[1,2]}'];
      await store.appendFrames('t1', 'alerts', head, [items, []], NOW + 900_000, false);
      const read = (epoch: string, offset: number, limit = 9, now = NOW) =>
        store.readFrames('t1', 'alerts', { epoch, offset }, limit, now);
      expect(await read('e1', 0)).toEqual([
        { offset: 1, items },
        { offset: 2, items: [] },
      ]);
      expect(await read('e1', 0, 1)).toEqual([{ offset: 1, items }]);
      expect(await read('e1', 1)).toEqual([{ offset: 2, items: [] }]);
      expect(await read('other', 0)).toEqual([]);
      expect(await read('e1', 0, 9, NOW + 901_000)).toEqual([]);
      expect(await store.readFrames('t2', 'alerts', { epoch: 'e1', offset: 0 }, 9, NOW)).toEqual(
        [],
      );
    });
  });
}
