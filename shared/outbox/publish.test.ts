import { describe, expect, it } from 'vitest';

import { buildOutbox } from '#shared/testing/build-alert.ts';

import { publishOutbox } from './publish.ts';

const rows = ['o1', 'o2', 'o3'].map((outbox_id) => buildOutbox({ outbox_id }));
type Ports = Parameters<typeof publishOutbox>[0];
type Answer = Awaited<ReturnType<Ports['bus']['publish']>>;

/** A bus with these answers, and a table that may fail; notes what was asked of both, in order. */
function world(answers: Answer, fault?: Error) {
  const asked: string[] = [];
  const ports: Ports = {
    bus: {
      async publish(envelopes) {
        asked.push(`publish ${envelopes.length}`);
        return answers;
      },
    },
    journal: {
      async deleteOutbox(taken) {
        asked.push(
          `delete ${taken.map(({ tenant, outbox_id }) => `${tenant}/${outbox_id}`).join()}`,
        );
        if (fault) throw fault;
      },
    },
  };
  return { asked, ports };
}
const ok = { ok: true } as const;
const refused = { ok: false, error: 'ThrottlingException' } as const;

describe('outbox rows', () => {
  it('are deleted after the bus has them, and only those it has', async () => {
    const { asked, ports } = world([ok, refused, ok]);
    const report = await publishOutbox(ports, rows);
    expect(report).toStrictEqual({ errors: [undefined, 'ThrottlingException', undefined] });
    expect(asked).toEqual(['publish 3', 'delete t1/o1,t1/o3']);
  });

  it('for which the bus has no answer stay, and that is their error', async () => {
    const { asked, ports } = world([ok]);
    const { errors } = await publishOutbox(ports, rows);
    expect(errors).toEqual([undefined, 'the bus gave no answer', 'the bus gave no answer']);
    expect(asked).toEqual(['publish 3', 'delete t1/o1']);
  });

  it('that were all refused are not touched', async () => {
    const { asked, ports } = world([refused, refused, refused]);
    expect((await publishOutbox(ports, rows)).errors).toEqual(Array(3).fill(refused.error));
    expect(asked).toEqual(['publish 3']);
  });

  it('that cannot be deleted are published all the same, and the fault is named', async () => {
    const fault = new Error('throttled');
    const { ports } = world([ok, ok, ok], fault);
    const report = await publishOutbox(ports, rows);
    expect(report.undeleted).toBe(fault);
    expect(report.errors).toEqual([undefined, undefined, undefined]);
  });

  it('of which there are none ask nobody for anything', async () => {
    const { asked, ports } = world([]);
    expect(await publishOutbox(ports, [])).toEqual({ errors: [] });
    expect(asked).toEqual([]);
  });
});
