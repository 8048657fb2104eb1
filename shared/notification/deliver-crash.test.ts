import { describe, expect, it } from 'vitest';

import type { DeliverPorts } from '#shared/notification/deliver-ports.ts';
import type { Intent } from '#shared/notification/schema.ts';
import { createCrash, exploreOrders, gated, type Gate } from '#shared/testing/gate.ts';
import { createNotifierRig, type NotifierRig, PAGE } from '#shared/testing/notifier-rig.ts';

const LEASE_AND_MORE_MS = 61_000;

function gatedPorts(rig: NotifierRig, gate: Gate): DeliverPorts {
  return {
    ...rig.ports,
    work: gated(rig.ports.work, gate, 'work'),
    channels: gated(rig.ports.channels, gate, 'channels'),
    sender: gated(rig.ports.sender, gate, 'sender'),
    timers: gated(rig.ports.timers, gate, 'timers'),
  };
}

/** The same, and its pace and health behind the gate too. */
function allGated(rig: NotifierRig, gate: Gate): DeliverPorts {
  return { ...gatedPorts(rig, gate), states: gated(rig.ports.states, gate, 'states') };
}

/** Runs a notifier that dies at its `index`-th await; false once it no longer gets that far. */
async function runAndDie(rig: NotifierRig, index: number): Promise<string | undefined> {
  const crash = createCrash(index);
  const finished = rig.run('pagerduty', allGated(rig, crash.gate)).then(() => undefined);
  return await Promise.race([finished, crash.died]);
}

function sentOf(rig: NotifierRig, intent: Intent): string[] {
  return rig.sent.filter((n) => n.intent === intent).map((n) => n.idempotency_key);
}

describe('a notifier that dies', () => {
  it('at any await loses nothing and repeats itself at most once, with the same key', async () => {
    const deaths: string[] = [];
    for (let index = 0; ; index++) {
      const rig = await createNotifierRig([PAGE]);
      const where = await runAndDie(rig, index);
      if (where === undefined) break;
      deaths.push(where);
      rig.advance(LEASE_AND_MORE_MS);
      await rig.sweep();
      await rig.sweep();
      const keys = sentOf(rig, 'trigger');
      expect(keys.length, where).toBeGreaterThanOrEqual(1);
      expect(keys.length, where).toBeLessThanOrEqual(2);
      expect(new Set(keys).size, where).toBe(1);
      expect((await rig.row()).status, where).toBe('SENT');
    }
    expect(deaths).toContain('after sender.send');
    expect(deaths.length).toBeGreaterThanOrEqual(12);
  });

  it('at any await of a failing attempt still comes to a retry that succeeds', async () => {
    for (let index = 0; ; index++) {
      const busy = { kind: 'retryable', error: 'HTTP 503', may_have_arrived: true } as const;
      const rig = await createNotifierRig([PAGE], {
        pagerduty: [busy, { kind: 'delivered', receipt: 'ok' }],
      });
      const where = await runAndDie(rig, index);
      for (let minute = 0; minute < 3; minute++) {
        rig.advance(LEASE_AND_MORE_MS);
        await rig.sweep();
      }
      expect((await rig.row()).status, where).toBe('SENT');
      expect(new Set(sentOf(rig, 'trigger')).size, where).toBe(1);
      if (where === undefined) break;
    }
  });

  it('while a resolve is owed never leaves the incident open', async () => {
    for (let index = 0; ; index++) {
      const rig = await createNotifierRig([PAGE]);
      const where = await runAndDie(rig, index);
      rig.advance(1000);
      await rig.resolve();
      rig.advance(LEASE_AND_MORE_MS);
      await rig.sweep();
      await rig.sweep();
      const triggered = sentOf(rig, 'trigger').length;
      expect(triggered, where).toBeLessThanOrEqual(1);
      if (triggered > 0) expect(sentOf(rig, 'resolve'), where).toHaveLength(1);
      expect((await rig.row()).next_attempt_at, where).toBeUndefined();
      if (where === undefined) break;
    }
  });
});

describe('two notifiers at once', () => {
  const race = async (stopAt: number, prepare: (rig: NotifierRig) => void = () => undefined) => {
    const sends: number[] = [];
    const orders = await exploreOrders(
      2,
      async () => {
        const rig = await createNotifierRig([PAGE]);
        prepare(rig);
        return {
          world: rig,
          run: (gates) => gates.map((gate) => rig.run('pagerduty', gatedPorts(rig, gate))),
        };
      },
      async (rig) => {
        sends.push(rig.sent.length);
        return rig.sent.length === stopAt ? 'stop' : undefined;
      },
    );
    return { orders, sends: new Set(sends) };
  };

  it('send once, in whatever order their calls follow each other', async () => {
    const { orders, sends } = await race(2);
    expect(orders).toBeGreaterThan(100);
    expect([...sends]).toEqual([1]);
  });

  it('would send twice without the lease', async () => {
    const { sends } = await race(2, (rig) => {
      const { work } = rig.ports;
      rig.ports.work = {
        ...work,
        // A claim that asks for no revision: whoever comes last has it.
        commit: async (asked) => {
          const [claim] = asked.changes;
          if (claim?.kind !== 'delivery' || claim.row.lease_owner === undefined)
            return await work.commit(asked);
          const { revision: expected } = await rig.row();
          const row = { ...claim.row, revision: expected + 1 };
          await work.commit({ ...asked, changes: [{ kind: 'delivery', row, expected }] });
        },
      };
    });
    expect([...sends]).toContain(2);
  });
});

describe('an acknowledgement against a page, in every order', () => {
  it('decides no page after the acknowledgement, and ends with PagerDuty knowing of it', async () => {
    await exploreOrders(
      2,
      async () => {
        const rig = await createNotifierRig([PAGE]);
        return {
          world: rig,
          run: ([first, second]) => [
            rig.run('pagerduty', allGated(rig, first!)),
            (async () => {
              await second!('acknowledge', 'before');
              await rig.acknowledge();
              await second!('wake', 'before');
              await rig.run('pagerduty');
            })(),
          ],
        };
      },
      async (rig, order) => {
        rig.advance(LEASE_AND_MORE_MS);
        await rig.sweep();
        const intents = rig.sent.map(({ intent }) => intent);
        expect([[], ['trigger', 'acknowledge']], order.join('')).toContainEqual(intents);
        return undefined;
      },
    );
  });
});
