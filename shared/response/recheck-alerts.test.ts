import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildInhibition, buildSilence } from '#shared/testing/build-silence.ts';

import { recheckAlerts } from './recheck-alerts.ts';
import { releaseInhibited } from './release-inhibited.ts';
import { NO_RESPONSE, type ResponseRules } from './rules.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock);
const CHANGED = { reason: 'silence', id: 'deploy' };
const HELD = { suppressed_by: [CHANGED] };

/** A store with these alerts, and rules under which they are looked at. */
async function open(alerts: readonly Partial<Alert>[], rules: Partial<ResponseRules> = {}) {
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  for (const [n, fields] of alerts.entries()) {
    const row = buildAlert({ alert_id: `a${n}`, group_key: `g${n}`, ...fields });
    const changes = [{ kind: 'alert', row, expected: 0 } as const];
    await work.commit({ changes, journal: [], outbox: [] });
  }
  const response = async () => ({ ...NO_RESPONSE, policies: [buildPolicy()], ...rules });
  const heldNow = () =>
    [...tables.alerts.values()]
      .filter(({ row }) => row.suppressed_by.length > 0)
      .map(({ row }) => row.alert_id);
  return { tables, work, response, heldNow };
}
/** The store whose first commits fail with an error. */
function failing(work: WorkStore, times: number, error: Error) {
  const asked = { commits: 0 };
  const commit: WorkStore['commit'] = (rows) =>
    ++asked.commits <= times ? Promise.reject(error) : work.commit(rows);
  return { asked, work: { ...work, commit } };
}
const lost = new SentryError('conflict', 'lost');

describe('a change of what holds alerts back', () => {
  it('lets go those that it held, holds those that it holds now, and leaves all others alone', async () => {
    const gone = await open([
      HELD,
      { suppressed_by: [{ reason: 'silence', id: 'other' }] },
      { suppressed_by: [{ reason: 'maintenance', id: 'deploy' }] },
      { ...HELD, state: 'RESOLVED', resolved_at: BUILT_AT },
      {},
    ]);
    expect(await recheckAlerts(gone, ctx, CHANGED)).toStrictEqual({
      held: 0,
      released: 1,
      failed: 0,
      truncated: false,
    });
    expect(gone.heldNow()).toEqual(['a1', 'a2', 'a3']);
    const made = await open([{}, { service: 'search' }, { state: 'ACK' }], {
      silences: [buildSilence()],
    });
    expect(await recheckAlerts(made, ctx, CHANGED)).toMatchObject({ held: 2, released: 0 });
    expect(made.heldNow()).toEqual(['a0', 'a2']);
  });

  it('that loses four races decides a fifth time', async () => {
    const { work, response, heldNow } = await open([HELD]);
    const raced = failing(work, 4, lost);
    const ports = { work: raced.work, response };
    expect(await recheckAlerts(ports, ctx, CHANGED)).toMatchObject({ released: 1, failed: 0 });
    expect([raced.asked.commits, heldNow()]).toEqual([5, []]);
  });

  it('that loses five, or is not taken, leaves that alert to its timer and does the others', async () => {
    const { work, response, heldNow } = await open([HELD]);
    const raced = failing(work, 9, lost);
    const ports = { work: raced.work, response };
    expect(await recheckAlerts(ports, ctx, CHANGED)).toMatchObject({ released: 0, failed: 1 });
    expect([raced.asked.commits, heldNow()]).toEqual([5, ['a0']]);
    const two = await open([HELD, { ...HELD, service: 'search' }]);
    const throttled = failing(two.work, 1, new SentryError('unavailable', 'throttled'));
    const around = { work: throttled.work, response };
    expect(await recheckAlerts(around, ctx, CHANGED)).toMatchObject({ released: 1, failed: 1 });
    expect(throttled.asked.commits).toBe(2);
  });

  it.each([new SentryError('invalid_input', 'ours'), new TypeError('ours')])(
    'does not hide a fault of ours: %s',
    async (error) => {
      const { work, response } = await open([HELD]);
      const ports = { work: failing(work, 9, error).work, response };
      await expect(recheckAlerts(ports, ctx, CHANGED)).rejects.toBe(error);
    },
  );

  it('passes over an alert that is gone by then, or is let go already', async () => {
    const { work, response } = await open([HELD, HELD]);
    const rows: WorkStore['getAlertRows'] = async (tenant, id) => {
      const found = await work.getAlertRows(tenant, id);
      if (id === 'a0') return { deliveries: [], timers: [] };
      return { ...found, alert: { ...found.alert!, suppressed_by: [] } };
    };
    const ports = { work: { ...work, getAlertRows: rows }, response };
    expect(await recheckAlerts(ports, ctx, CHANGED)).toStrictEqual({
      held: 0,
      released: 0,
      failed: 0,
      truncated: false,
    });
  });

  it('looks at 2,000 alerts, page by page, and says that there are more', async () => {
    const { work, response } = await open([]);
    const cursors: (string | undefined)[] = [];
    const endless = (last: number): WorkStore => ({
      ...work,
      listAlerts: (_tenant, filter, { limit, cursor }) => {
        expect([filter, limit]).toEqual([{ states: ['OPEN', 'ACK'] }, 100]);
        cursors.push(cursor);
        const next = cursors.length < last ? { cursor: `c${cursors.length}` } : {};
        return Promise.resolve({ items: [buildAlert()], ...next });
      },
    });
    const rechecked = await recheckAlerts({ work: endless(99), response }, ctx, CHANGED);
    expect(rechecked.truncated).toBe(true);
    expect(cursors).toEqual([undefined, ...Array.from({ length: 19 }, (_, n) => `c${n + 1}`)]);
    cursors.length = 0;
    const all = await recheckAlerts({ work: endless(3), response }, ctx, CHANGED);
    expect([all.truncated, cursors.length]).toEqual([false, 3]);
  });
});

it('an alert that is resolved lets go what only it held back, by the rules that it is a source of', async () => {
  const by = (id: string) => ({ suppressed_by: [{ reason: 'inhibition', id }] });
  const { tables, work, response, heldNow } = await open([
    by('database-down'),
    by('network-down'),
    HELD,
  ]);
  const inhibitions = createMemoryDocumentStore<Inhibition>(tables);
  const other = buildInhibition({
    inhibition_id: 'network-down',
    source: [{ field: 'rule_id', op: '=', value: 'network-down' }],
  });
  for (const document of [buildInhibition(), other])
    await inhibitions.save('t1', {
      id: document.inhibition_id,
      document,
      expected: 0,
      journal: [],
      outbox: [],
    });
  const resolved = buildAlert({ rule_id: 'database-down', state: 'RESOLVED' });
  await releaseInhibited({ work, response, inhibitions }, ctx, resolved);
  expect(heldNow()).toEqual(['a1', 'a2']);
  const down = () => Promise.reject(new SentryError('unavailable', 'down'));
  const ports = { work, response: down, inhibitions };
  await expect(releaseInhibited(ports, ctx, resolved)).rejects.toMatchObject({
    code: 'unavailable',
  });
});
