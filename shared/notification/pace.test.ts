import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Asker, DIGEST_MAX, type Pace, PACES, type PaceState, takeTurn } from './pace.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const asker = (n: number, fields: Partial<Asker> = {}): Asker => ({
  delivery_key: `key-${n}`,
  intent: 'trigger',
  critical: false,
  put_off: false,
  digestible: false,
  ...fields,
});

/** Asks again and again as the turns say, until all have gone; gives the time of each. */
function runAll(pace: Pace, asks: { at: number; asker: Asker }[]): Map<string, number> {
  const gone = new Map<string, number>();
  const pending = [...asks];
  let state: PaceState | undefined;
  for (let steps = 0; pending.length > 0; steps++) {
    if (steps > 20_000) throw new Error('somebody waits for ever');
    pending.sort((a, b) => a.at - b.at);
    const { at, asker: one } = pending.shift()!;
    if (gone.has(one.delivery_key)) continue;
    const turn = takeTurn(pace, state, one, at);
    state = turn.state;
    if (turn.kind === 'wait') pending.push({ at: turn.until, asker: { ...one, put_off: true } });
    else for (const key of [one.delivery_key, ...turn.together]) gone.set(key, at);
  }
  return gone;
}

describe('the pace of a channel', () => {
  it.each([
    ['pagerduty', 60_000, 120],
    ['slack', 60_000, 63],
    ['email', 1_000, 10],
  ] as const)('%s: in any %d ms at most %d messages go, whoever asks', (channel, windowMs, max) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(windowMs * 2), critical: fc.boolean() }), {
          maxLength: 300,
        }),
        (wishes) => {
          const asks = wishes.map(({ at, critical }, n) => ({
            at: NOW + at,
            asker: asker(n, { critical }),
          }));
          const times = [...runAll(PACES[channel]!, asks).values()].sort((a, b) => a - b);
          expect(times).toHaveLength(asks.length);
          for (const [from, time] of times.entries()) {
            const within = times.slice(from).filter((other) => other - time < windowMs);
            expect(within.length).toBeLessThanOrEqual(max);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('CRITICAL goes first: what others have left is kept for it', () => {
    const pace = PACES.pagerduty!;
    const many = Array.from({ length: 40 }, (_, n) => ({ at: NOW, asker: asker(n) }));
    const urgent = { at: NOW + 1, asker: asker(99, { critical: true }) };
    expect(runAll(pace, [...many, urgent]).get('key-99')).toBe(NOW + 1);
  });

  it('what is put off goes in the order in which it came, before what comes later', () => {
    const early = Array.from({ length: 30 }, (_, n) => ({ at: NOW + n, asker: asker(n) }));
    const late = Array.from({ length: 5 }, (_, n) => ({
      at: NOW + 3000 + n,
      asker: asker(50 + n),
    }));
    const gone = runAll(PACES.pagerduty!, [...early, ...late]);
    const last = Math.max(...early.map(({ asker: one }) => gone.get(one.delivery_key)!));
    for (const { asker: one } of late)
      expect(gone.get(one.delivery_key)).toBeGreaterThanOrEqual(last);
  });

  it('what may go together does, with whoever is next, and never together with CRITICAL', () => {
    const pace = PACES.slack!;
    let state: PaceState | undefined;
    const ask = (one: Asker, at: number) => {
      const turn = takeTurn(pace, state, one, at);
      state = turn.state;
      return turn;
    };
    const kinds = Array.from(
      { length: 6 },
      (_, n) => ask(asker(n, { digestible: true }), NOW).kind,
    );
    expect(kinds).toEqual(['go', 'go', 'wait', 'wait', 'wait', 'wait']);
    const critical = ask(asker(9, { critical: true, digestible: true }), NOW);
    expect(critical).toMatchObject({ kind: 'go', together: [] });
    const next = ask(asker(3, { digestible: true, put_off: true }), NOW + 3000);
    expect(next).toMatchObject({ kind: 'go', together: ['key-2', 'key-4', 'key-5'] });
    expect(state?.waiting).toEqual([]);
  });

  it('a digest names no more than it can, and leaves the rest for the next', () => {
    const waiting = Array.from({ length: 100 }, (_, n) => ({
      key: `key-${n}`,
      at: NOW,
      intent: 'trigger' as const,
    }));
    const state = { tokens: 3, at: NOW, queue_until: 0, waiting };
    const turn = takeTurn(PACES.slack!, state, asker(200, { digestible: true }), NOW);
    expect(turn.kind === 'go' && turn.together.length).toBe(DIGEST_MAX);
    expect(turn.state.waiting).toHaveLength(100 - DIGEST_MAX);
  });

  it('a clock that goes back gives nothing away', () => {
    const state = { tokens: 0, at: NOW, queue_until: 0, waiting: [] };
    const turn = takeTurn(PACES.slack!, state, asker(1, { critical: true }), NOW - 60_000);
    expect(turn).toMatchObject({ kind: 'wait', state: { tokens: 0, at: NOW } });
  });
});
