import { describe, expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, buildDelivery, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildIncident } from '#shared/testing/build-incident.ts';
import { createIncidentRig } from '#shared/testing/incident-rig.ts';

import { correlate } from './correlate.ts';
import { follow, readEscalations } from './follow.ts';
import { isJoinable } from './join.ts';
import { IncidentSettings } from './schema.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock);
const EMPTY: Commit = { changes: [], journal: [], outbox: [] };
const targets = Array.from({ length: 40 }, (_, n) => ({
  channel: 'webhook' as const,
  destination: `hook-${n}`,
}));
const AFTER = '2026-03-01T13:00:00.000Z';
const settings = IncidentSettings.parse({});
const rules: ResponseRules = {
  ...NO_RESPONSE,
  policies: [buildPolicy({ steps: [{ delay_minutes: 0, targets }] })],
  incidents: settings,
};
const own = { incident_id: buildIncident().incident_id };
const kindsOf = ({ changes }: Commit) => new Set(changes.map(({ kind }) => kind));

/** A store that notes what it is asked for. */
function noting() {
  const work = createMemoryWorkStore(createMemoryTables(), () => clock.now);
  const asked: string[] = [];
  const noted: WorkStore = {
    ...work,
    getIncident: (...args) => (asked.push('incident'), work.getIncident(...args)),
    getIncidentPointer: (...args) => (asked.push('pointer'), work.getIncidentPointer(...args)),
    getAlerts: (...args) => (asked.push('escalations'), work.getAlerts(...args)),
  };
  return { work: noted, asked };
}

describe('the alert of an escalation', () => {
  it.each<[string, Partial<Alert>, number, boolean]>([
    ['has room beside the caller’s rows', {}, 49, true],
    ['has none where one row more is reserved', {}, 50, false],
    ['has room beside the rows of a group', { alert_group_id: 'g' }, 37, true],
    ['has none where those leave one row less', { alert_group_id: 'g' }, 38, false],
  ])('%s', async (_name, fields, reserved, hasRoom) => {
    const { work } = noting();
    const ports = { work, response: () => Promise.resolve(rules) };
    const decided = { alert: buildAlert(fields), commit: EMPTY };
    const { commit } = await follow(ports, ctx, undefined, decided, reserved);
    expect(kindsOf(commit).has('delivery')).toBe(hasRoom);
    expect(kindsOf(commit).has('timer')).toBe(!hasRoom);
  });

  it('counts the rows of the alert’s own commit', () => {
    const rowsIn = (count: number) => {
      const row = buildAlert();
      const changes = Array.from({ length: count }, () => ({ kind: 'touch', row }) as const);
      const decided = { alert: row, commit: { ...EMPTY, changes } };
      return correlate(decided, 'arrives', {}, { settings, response: rules }, ctx).commit;
    };
    expect(kindsOf(rowsIn(49)).has('delivery')).toBe(true);
    expect(kindsOf(rowsIn(50)).has('delivery')).toBe(false);
  });
});

describe('what a change of an alert reads', () => {
  const acked = { ...own, state: 'ACK' } as const;
  const over = { ...own, state: 'RESOLVED' } as const;
  const silent = { ...own, suppressed_by: [{ reason: 'silence' }] };
  it.each<[string, Partial<Alert>, Partial<Alert>, Parameters<typeof buildIncident>[0], string[]]>([
    ['an occurrence', own, { ...own, count: 2 }, {}, []],
    ['an acknowledgement', own, acked, {}, ['incident']],
    ['one of several that is resolved', own, over, { open_count: 2 }, ['incident']],
    ['the last that is resolved', own, over, {}, ['incident', 'escalations']],
    ['the last of one that is closed', own, over, { status: 'CLOSED' }, ['incident']],
    ['one that comes back silenced', over, silent, {}, []],
    ['one that becomes graver', own, { ...own, severity: 'CRITICAL' }, {}, ['incident']],
  ])('%s', async (_name, former, alert, incident, expected) => {
    const { work, asked } = noting();
    const row = buildIncident(incident);
    await work.commit({ ...EMPTY, changes: [{ kind: 'incident', row, expected: 0 }] });
    const response = () => Promise.resolve((asked.push('response'), rules));
    const decided = { alert: buildAlert(alert), commit: EMPTY };
    await follow({ work, response }, ctx, buildAlert(former), decided);
    expect(asked).toEqual(expected);
  });

  it('nothing where no settings are in force', async () => {
    const { work, asked } = noting();
    const decided = { alert: buildAlert(), commit: EMPTY };
    for (const response of [undefined, () => Promise.resolve(NO_RESPONSE)]) {
      const ports = { work, ...(response && { response }) };
      expect(await follow(ports, ctx, undefined, decided)).toStrictEqual(decided);
    }
    expect(asked).toEqual([]);
  });

  it('an incident that is gone changes nothing', async () => {
    const { work } = noting();
    for (const alert of [buildAlert({ ...own, state: 'ACK' }), buildAlert(over)]) {
      const decided = { alert, commit: EMPTY };
      expect(await follow({ work }, ctx, buildAlert(own), decided)).toStrictEqual(decided);
    }
  });
});

it.each<[string, Parameters<typeof buildIncident>[0], Partial<Alert>, boolean]>([
  ['its own, however long ago', {}, own, true],
  ['its own that closed too long ago', { status: 'CLOSED', closed_at: BUILT_AT }, own, false],
  ['another that heard nothing for long', { updated_at: AFTER }, {}, false],
  ['one that closed just now', { status: 'CLOSED', closed_at: AFTER }, {}, true],
  ['one that closed it is not known when', { status: 'CLOSED', updated_at: AFTER }, {}, true],
])('an alert may join %s: %s', (_name, incident, alert, may) => {
  const now = Date.parse(AFTER);
  expect(isJoinable(buildIncident(incident), buildAlert(alert), settings, now)).toBe(may);
});

it('the escalation alerts of an incident are those that stand, each with its rows', async () => {
  const { work } = noting();
  const rows = ['open', 'over', 'acked'].map((alert_id, at) => ({
    alert: buildAlert({ alert_id, state: (['OPEN', 'RESOLVED', 'ACK'] as const)[at]! }),
    deliveries: [buildDelivery({ alert_id })],
    timers: [buildTimer({ alert_id })],
  }));
  const changes = rows.flatMap(({ alert, deliveries, timers }) => [
    { kind: 'alert' as const, row: alert, expected: 0 },
    { kind: 'delivery' as const, row: deliveries[0]!, expected: 0 },
    { kind: 'timer' as const, row: timers[0]!, expected: 0 },
  ]);
  await work.commit({ ...EMPTY, changes });
  const escalation_ids = ['gone', 'open', 'over', 'acked'];
  const found = await readEscalations(work, buildIncident({ escalation_ids }));
  expect(found).toEqual([rows[0], rows[2]]);
});

it.each([
  ['search', 'web'],
  ['web', 'search'],
])(
  'of two services beside its own it joins that of the one last heard of: %s, then %s',
  async (...names) => {
    const rig = createIncidentRig({}, [{ service: 'checkout', depends_on: ['search', 'web'] }]);
    for (const service of names) {
      await rig.raise({ service });
      rig.minutes(1);
    }
    const joined = await rig.raise({ service: 'checkout' });
    const last = rig.incidents().find(({ service }) => service === names[1]);
    expect(joined.incident_id).toBe(last!.incident_id);
  },
);
