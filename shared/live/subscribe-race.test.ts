import { describe, expect, it } from 'vitest';

import { createMemoryLiveStore } from '#shared/adapters/memory/memory-live-store.ts';
import { createMemoryPush } from '#shared/adapters/memory/memory-push.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { LiveStore } from '#shared/ports/live-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { BUILT_AT, buildAlert } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { Audience } from './audience.ts';
import { alertLine } from './line.ts';
import { publishItems } from './publish.ts';
import { subscribe } from './subscribe.ts';

const NOW = Date.parse(BUILT_AT);
const ALERTS = ['a', 'b', 'c'];
const REVISIONS = 4;

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same store, each call beginning and ending at a random moment. */
function unhurried<Store extends object>(store: Store, wander: () => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        await wander();
        const answer = await method(...given);
        await wander();
        return answer;
      };
    },
  });
}

interface Told {
  method: string;
  params: { from: number; to: number; items: { alert_id: string; revision: number }[] };
}

/** One viewer subscribes while two broadcasters publish; says what the viewer lacks in the end. */
async function race(seed: number, forgetful: boolean) {
  const random = randomFrom(seed);
  const wander = async () => {
    for (let left = Math.floor(random() * 8); left > 0; left--) await Promise.resolve();
  };
  const memory = createMemoryLiveStore();
  const joining: LiveStore = {
    ...memory,
    // The mutant: a join that leaves no trace, as if lists of connections were simply kept for a while.
    joinTopic: async (tenant, topic, epoch) =>
      forgetful
        ? ((await memory.heads(tenant, [topic])).get(topic) ??
          memory.joinTopic(tenant, topic, epoch))
        : memory.joinTopic(tenant, topic, epoch),
  };
  const live = unhurried(joining, wander);
  const work: WorkStore = unhurried(
    createMemoryWorkStore(createMemoryTables(), () => NOW),
    wander,
  );
  const push = createMemoryPush();
  const context = buildContext({ now: NOW });
  for (const connection_id of ['first', 'late'])
    await memory.putConnection({
      connection_id,
      tenant: 't1',
      actor: 'user:rosa',
      scopes: [...context.scopes],
      token_expires_at: NOW + 1e6,
      connected_at: NOW,
      expires_at: NOW + 1e6,
      subscriptions: [],
    });
  const everything = { topic: 'alerts' as const, filter: {} };
  await subscribe('first', everything, undefined, context, { live: joining, work });

  const broadcaster = async (audience: Audience, alert_id: string) => {
    for (let revision = 1; revision <= REVISIONS; revision++) {
      const alert = buildAlert({ alert_id, revision, count: revision });
      await work.commit({
        changes: [{ kind: 'alert', row: alert, expected: revision - 1 }],
        journal: [],
        outbox: [],
      });
      await publishItems('t1', 'alerts', [alertLine(alert)], context, {
        store: live,
        push,
        audience,
      });
    }
  };
  const [one, two] = [new Audience(), new Audience()];
  const subscribing = (async () => {
    for (let wait = Math.floor(random() * 20); wait > 0; wait--) await wander();
    return subscribe('late', everything, undefined, context, { live, work });
  })();
  await Promise.all([
    broadcaster(one, ALERTS[0]!),
    broadcaster(one, ALERTS[1]!),
    broadcaster(two, ALERTS[2]!),
  ]);
  const result = await subscribing;

  const told = push.sent
    .filter(({ connection_id }) => connection_id === 'late')
    .map(({ message }) => message as Told);
  const covered = new Set(told.flatMap(({ params }) => [params.from, params.to]));
  const head = (await memory.heads('t1', ['alerts'])).get('alerts')!.offset;
  const holes = [];
  for (let at = result.position!.offset + 1; at <= head; at++) if (!covered.has(at)) holes.push(at);
  const held = new Map<string, number>();
  for (const item of [...result.items, ...told.flatMap(({ params }) => params.items)])
    if ('alert_id' in item && 'revision' in item)
      held.set(item.alert_id, Math.max(held.get(item.alert_id) ?? 0, item.revision));
  const stale = ALERTS.filter((id) => held.get(id) !== REVISIONS);
  return { holes, stale };
}

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);

describe('a viewer who subscribes while others publish', () => {
  it('misses no frame and holds the newest revision of everything, however calls interleave', async () => {
    for (const seed of SEEDS)
      expect({ seed, ...(await race(seed, false)) }).toEqual({ seed, holes: [], stale: [] });
  });

  it('would miss frames if joining did not renew the lists of connections', async () => {
    const results = await Promise.all(SEEDS.map((seed) => race(seed, true)));
    expect(results.some(({ holes }) => holes.length > 0)).toBe(true);
    expect(results.some(({ stale }) => stale.length > 0)).toBe(true);
  });
});
