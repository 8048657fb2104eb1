import { describe, expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import {
  buildAlert,
  buildDelivery,
  buildPointer,
  buildTimer,
  BUILT_AT,
} from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { readRaiseRows } from './raise.ts';
import { decideRecovery, readStanding } from './recover.ts';
import type { Alert } from './schema.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) });
const GROUP = { rule_id: 'cpu-high', group_key: '8:checkout' };

/** A store that holds one group's alert in this state, with a delivery and a timer. */
async function holding(state: Alert['state']) {
  const work = createMemoryWorkStore(createMemoryTables(), () => Date.parse(BUILT_AT));
  const resolved_at = state === 'RESOLVED' ? { resolved_at: BUILT_AT } : {};
  await work.commit({
    changes: [
      { kind: 'alert', row: buildAlert({ state, ...resolved_at }), expected: 0 },
      { kind: 'pointer', row: buildPointer({ revision: 1 }), expected: 0 },
      { kind: 'delivery', row: buildDelivery(), expected: 0 },
      { kind: 'timer', row: buildTimer({ revision: 1 }), expected: 0 },
    ],
    journal: [],
    outbox: [],
  });
  return work;
}

describe('what stands of a group', () => {
  it('is nothing where none was opened, each group in its place', async () => {
    const work = await holding('OPEN');
    const [none, some] = await readRaiseRows(work, 't1', [{ ...GROUP, group_key: 'x' }, GROUP]);
    expect(none).toEqual({});
    expect(some).toMatchObject({ pointer: GROUP, alert: { state: 'OPEN' } });
  });

  it('is the pointer alone when its alert has expired', async () => {
    const work = createMemoryWorkStore(createMemoryTables(), () => 0);
    const pointer = buildPointer({ revision: 1 });
    const changes = [{ kind: 'pointer', row: pointer, expected: 0 }] as const;
    await work.commit({ changes, journal: [], outbox: [] });
    expect(await readRaiseRows(work, 't1', [GROUP])).toStrictEqual([{ pointer }]);
  });

  it('has its deliveries and timers only when it may be opened again', async () => {
    const [resolved] = await readRaiseRows(await holding('RESOLVED'), 't1', [GROUP]);
    expect(resolved?.deliveries).toHaveLength(1);
    expect(resolved?.timers).toHaveLength(1);
    const [open] = await readRaiseRows(await holding('OPEN'), 't1', [GROUP]);
    expect(Object.keys(open!)).toEqual(['pointer', 'alert']);
  });
});

describe('a detector that says it is over', () => {
  it('resolves what stands, in its own name, with its reason', async () => {
    const work = await holding('ACK');
    const [rows] = await readRaiseRows(work, 't1', [GROUP]);
    const standing = await readStanding(work, 't1', rows!);
    expect(standing?.deliveries).toHaveLength(1);
    expect(standing?.timers).toHaveLength(1);
    const decision = decideRecovery(standing, 'below the limit', ctx);
    expect(decision?.alert).toMatchObject({ state: 'RESOLVED', resolved_by: 'system:detector' });
    expect(decision?.commit.journal[0]).toMatchObject({
      actor: 'system:detector',
      reason: 'below the limit',
    });
  });

  it('changes nothing where nothing stands', async () => {
    const work = await holding('RESOLVED');
    const [rows] = await readRaiseRows(work, 't1', [GROUP]);
    expect(await readStanding(work, 't1', rows!)).toBeUndefined();
    expect(await readStanding(work, 't1', {})).toBeUndefined();
    expect(await readStanding(work, 't1', { pointer: buildPointer() })).toBeUndefined();
    expect(await readStanding(work, 't1', { alert: buildAlert() })).toBeUndefined();
    expect(decideRecovery(undefined, 'over', ctx)).toBeUndefined();
    const resolved = { alert: rows!.alert!, deliveries: [], timers: [] };
    expect(decideRecovery(resolved, 'over', ctx)).toBeUndefined();
  });
});
