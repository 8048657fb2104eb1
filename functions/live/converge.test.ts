import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';

import { createLiveRig } from './live-rig.testing.ts';

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

type Rig = ReturnType<typeof createLiveRig>;

/** A viewer by the book (live-protocol.ts): merges by revision, resumes on a gap, asks heads at the end. */
class Viewer {
  readonly #rig: Rig;
  readonly #filter: object;
  #connection = '';
  #read = 0;
  #position: { epoch: string; offset: number } | undefined;
  held = new Map<string, { revision: number; state?: string; gone?: boolean }>();

  constructor(rig: Rig, filter: object) {
    this.#rig = rig;
    this.#filter = filter;
  }

  get connection(): string {
    return this.#connection;
  }

  async connect(): Promise<void> {
    this.#connection = await this.#rig.connect(['viewer']);
    this.#read = 0;
    await this.#subscribe();
  }

  async #subscribe(): Promise<void> {
    const since = this.#position && { since: this.#position };
    const params = { topic: 'alerts', filter: this.#filter, ...since };
    const answer = await this.#rig.call(this.#connection, 'subscribe', params);
    if (!answer?.result) return this.connect();
    const { result } = answer;
    if (result.mode === 'snapshot') this.held.clear();
    this.#merge(result.items);
    this.#position = result.position;
  }

  /** Takes what was pushed since the last look. */
  async look(): Promise<void> {
    const fresh = this.#rig.pushedTo(this.#connection).slice(this.#read);
    this.#read += fresh.length;
    for (const { method, params } of fresh) {
      if (method !== 'event' || params.to <= this.#position!.offset) continue;
      const follows =
        params.epoch === this.#position!.epoch && params.from <= this.#position!.offset + 1;
      if (!follows) return this.#subscribe();
      this.#merge(params.items);
      this.#position = { epoch: params.epoch, offset: params.to };
    }
  }

  async settle(): Promise<void> {
    await this.look();
    const answer = await this.#rig.call(this.#connection, 'ping');
    if (!answer?.result) return this.connect();
    const head = answer.result.heads.alerts;
    if (head.epoch !== this.#position!.epoch || head.offset !== this.#position!.offset)
      await this.#subscribe();
  }

  #merge(items: readonly { alert_id: string; revision: number }[]): void {
    for (const item of items) {
      const held = this.held.get(item.alert_id);
      if (!held || held.revision < item.revision) this.held.set(item.alert_id, item);
    }
  }

  shown(): Record<string, number> {
    const lines = [...this.held].filter(([, { gone }]) => !gone);
    return Object.fromEntries(lines.map(([id, { revision }]) => [id, revision]));
  }
}

const STATES = ['OPEN', 'ACK', 'RESOLVED'] as const;

/** Fifty random things happen to six alerts and to the viewers' connections. */
async function live(seed: number) {
  const random = randomFrom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
  const rig = createLiveRig();
  const alerts = new Map<string, Alert>();
  const viewers = [{}, { state: ['OPEN'] }, { service: ['payments'], state: ['OPEN', 'ACK'] }].map(
    (filter) => new Viewer(rig, filter),
  );
  for (const viewer of viewers) await viewer.connect();
  for (let step = 0; step < 50; step++) {
    const viewer = pick(viewers);
    const chance = random();
    if (chance < 0.1) rig.push.fail.set(viewer.connection, 'lost');
    else if (chance < 0.2) rig.push.fail.delete(viewer.connection);
    else if (chance < 0.25) {
      await rig.route('$disconnect', viewer.connection);
      await viewer.connect();
    } else if (chance < 0.3) rig.push.fail.set(viewer.connection, 'gone');
    else if (chance < 0.4) await viewer.look();
    else if (chance < 0.43) rig.clock.now += 16 * 60_000;
    else {
      const alert_id = pick(['a', 'b', 'c', 'd', 'e', 'f']).repeat(26);
      const former = alerts.get(alert_id);
      const next: Alert = former
        ? { ...former, state: pick(STATES), revision: former.revision + 1 }
        : await rig.putAlert({ alert_id, service: pick(['payments', 'checkout']) });
      if (former)
        await rig.api.work.commit({
          changes: [{ kind: 'alert', row: next, expected: former.revision }],
          journal: [],
          outbox: [],
        });
      alerts.set(alert_id, next);
      await rig.publish(next);
      if (random() < 0.2) await rig.publish(former ?? next);
    }
  }
  for (const viewer of viewers) {
    rig.push.fail.clear();
    await viewer.settle();
  }
  const all = [...alerts.values()];
  const revisions = (wanted: readonly Alert[]) =>
    Object.fromEntries(wanted.map(({ alert_id, revision }) => [alert_id, revision]));
  return {
    shown: viewers.map((viewer) => viewer.shown()),
    stored: [
      revisions(all),
      revisions(all.filter(({ state }) => state === 'OPEN')),
      revisions(all.filter((one) => one.service === 'payments' && one.state !== 'RESOLVED')),
    ],
  };
}

describe('viewers by the book', () => {
  it('end with exactly what is stored, whatever is lost, repeated, late, cut off or expired', async () => {
    for (let seed = 0; seed < 150; seed++) {
      const { shown, stored } = await live(seed);
      expect({ seed, shown }).toEqual({ seed, shown: stored });
    }
  });
});
