import { describe, expect, it } from 'vitest';

import { createMemoryChannelStateStore } from '#shared/adapters/memory/memory-channel-state-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { askTurn } from './ask-turn.ts';
import { retryDelayMs } from './backoff.ts';
import type { PaceState } from './pace.ts';
import type { Delivery, Intent } from './schema.ts';

const NOW = Date.parse(BUILT_AT);
const clock = { now: NOW };
const ctx = buildContext(clock);
const PAGE = buildDelivery();
const CHAT = buildDelivery({ channel: 'slack', destination: 'slack-ops' });
const HOOK = buildDelivery({ channel: 'webhook', destination: 'webhook-ops' });

/** A channel's store that has this much room left, beside those that wait. */
async function leaving(tokens: number, row: Delivery, fields: Partial<PaceState> = {}) {
  const states = createMemoryChannelStateStore(() => NOW);
  const value = { tokens, at: NOW, queue_until: 0, waiting: [], ...fields };
  const expiresAt = NOW + 60_000;
  await states.put('t1', row.destination, 'pace', { value, expected: 0, expiresAt });
  return states;
}
const kept = async (states: ChannelStateStore, row: Delivery) =>
  (await states.get('t1', row.destination, 'pace'))?.value as PaceState;
const ask = (
  states: ChannelStateStore,
  row: Delivery,
  severity: Severity = 'ERROR',
  intent: Intent = 'trigger',
) => askTurn(ctx, states, row, severity, intent);

/** The store, failing each write with an error of this code; counts them. */
function refusing(states: ChannelStateStore, code: 'conflict' | 'unavailable') {
  let writes = 0;
  const store: ChannelStateStore = {
    ...states,
    async put() {
      writes++;
      throw new SentryError(code, 'not now');
    },
  };
  return { store, writes: () => writes };
}

describe('a turn with a receiver', () => {
  it('is taken from what all notifiers of the channel share', async () => {
    const states = createMemoryChannelStateStore(() => NOW);
    expect(await ask(states, PAGE)).toEqual({ kind: 'go', together: [] });
    expect((await kept(states, PAGE)).tokens).toBe(19);
    expect((await ask(states, PAGE)).kind).toBe('go');
    expect((await kept(states, PAGE)).tokens).toBe(18);
  });

  it('needs no asking where the receiver states no pace', async () => {
    const states = createMemoryChannelStateStore(() => NOW);
    expect(await ask(states, HOOK)).toEqual({ kind: 'go', together: [] });
    expect(await kept(states, HOOK)).toBeUndefined();
  });

  it('comes to CRITICAL from the reserve, and to nothing else', async () => {
    expect((await ask(await leaving(1, PAGE), PAGE, 'CRITICAL')).kind).toBe('go');
    expect((await ask(await leaving(1, PAGE), PAGE, 'ERROR')).kind).toBe('wait');
  });

  it('that something is over is urgent to a pager, not to people who read', async () => {
    expect((await ask(await leaving(1, PAGE), PAGE, 'CRITICAL', 'resolve')).kind).toBe('go');
    expect((await ask(await leaving(1, CHAT), CHAT, 'CRITICAL', 'trigger')).kind).toBe('go');
    expect((await ask(await leaving(1, CHAT), CHAT, 'CRITICAL', 'resolve')).kind).toBe('wait');
  });

  it('is shared by messages to people that wait for the same, never by pages', async () => {
    const waiting = [{ key: 'other', at: NOW, intent: 'trigger' as const }];
    const chat = await leaving(3, CHAT, { waiting });
    expect(await ask(chat, CHAT)).toEqual({ kind: 'go', together: ['other'] });
    const page = await leaving(20, PAGE, { waiting });
    expect(await ask(page, PAGE)).toEqual({ kind: 'go', together: [] });
  });

  it('makes a message wait for a digest only when it is one of its own', async () => {
    const known = { ...CHAT, destination_ref: 'C1:7' };
    const waits = async (row: Delivery, intent: Intent) => {
      const states = await leaving(0, row);
      expect((await ask(states, row, 'ERROR', intent)).kind).toBe('wait');
      return (await kept(states, row)).waiting.length;
    };
    expect(await waits(CHAT, 'trigger')).toBe(1);
    expect(await waits(CHAT, 'resolve')).toBe(1);
    expect(await waits(known, 'trigger')).toBe(1);
    // What changes a message in place cannot be a line of another.
    expect(await waits(known, 'resolve')).toBe(0);
    expect(await waits({ ...known, message: 2 }, 'trigger')).toBe(0);
    expect(await waits(PAGE, 'trigger')).toBe(0);
  });

  it('that was planned before is kept, not planned again behind the others', async () => {
    const queue_until = NOW + 60_000;
    const states = await leaving(0, PAGE, { queue_until });
    const first = await ask(states, PAGE);
    expect(first).toEqual({ kind: 'wait', until: queue_until + 600 });
    const again = await ask(states, { ...PAGE, put_off: 1 });
    expect(again.kind === 'wait' && again.until).toBeLessThan(queue_until);
  });

  it('is remembered for a day after the last planned turn', async () => {
    const queue_until = NOW + 60_000;
    const states = await leaving(0, PAGE, { queue_until });
    let until = 0;
    const seen: ChannelStateStore = {
      ...states,
      put: (tenant, channel, name, change) => {
        until = change.expiresAt;
        return states.put(tenant, channel, name, change);
      },
    };
    await ask(seen, PAGE);
    expect(until).toBe(queue_until + 600 + 24 * 3_600_000);
  });

  it('begins anew over a row that cannot be read', async () => {
    const states = createMemoryChannelStateStore(() => NOW);
    const change = { value: { tokens: 'many' }, expected: 0, expiresAt: NOW + 1 };
    await states.put('t1', PAGE.destination, 'pace', change);
    expect(await ask(states, PAGE)).toEqual({ kind: 'go', together: [] });
    expect((await kept(states, PAGE)).tokens).toBe(19);
  });
});

describe('a turn whose row does not hold still', () => {
  it('is asked for eight times, then later, longer each time', async () => {
    const { store, writes } = refusing(
      createMemoryChannelStateStore(() => NOW),
      'conflict',
    );
    const until = (put_off: number) => NOW + retryDelayMs(`${PAGE.delivery_key}|pace`, put_off);
    expect(await ask(store, PAGE)).toEqual({ kind: 'wait', until: until(1) });
    expect(writes()).toBe(8);
    expect(await ask(store, { ...PAGE, put_off: 3 })).toEqual({ kind: 'wait', until: until(4) });
  });

  it.each(['get', 'put'] as const)('goes at once when the store fails to %s', async (method) => {
    const fault = new SentryError('unavailable', 'not now');
    const fails = async () => {
      throw fault;
    };
    const states = { ...createMemoryChannelStateStore(() => NOW), [method]: fails };
    expect(await ask(states, PAGE)).toEqual({ kind: 'go', together: [], fault });
    const odd = Object.assign(new Error('odd'), { code: 'conflict' });
    const failsOddly = async () => {
      throw odd;
    };
    const other = { ...states, [method]: failsOddly };
    expect(await ask(other, PAGE)).toEqual({ kind: 'go', together: [], fault: odd });
  });
});
