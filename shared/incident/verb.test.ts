import { describe, expect, it } from 'vitest';

import { buildAlert } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildIncident } from '#shared/testing/build-incident.ts';
import { createIncidentRig } from '#shared/testing/incident-rig.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';

import { assignIncident, decideAssignIncident } from './assign.ts';
import { changeStatus, decideChangeStatus } from './change-status.ts';
import { openEscalationAlert } from './escalation-alert.ts';
import { decideEscalateIncident, escalateIncident } from './escalate.ts';
import { incidentMetrics, spreadOf } from './metrics.ts';
import { openIncident } from './open.ts';
import { INCIDENT_STATUSES } from './schema.ts';
import { incidentTimeline } from './timeline.ts';

const ctx = buildContext({ now: Date.parse('2026-03-01T13:00:00.000Z') });

describe('the status of an incident', () => {
  const verdicts = INCIDENT_STATUSES.map((from) => [
    from,
    ...(['ANALYZING', 'MITIGATING', 'CLOSED'] as const).map(
      (status) => decideChangeStatus(buildIncident({ status: from }), [], { status }, ctx).kind,
    ),
  ]);
  it('moves forward, jumps allowed; a repetition changes nothing and backward is refused', () => {
    expect(verdicts).toEqual([
      ['OPEN', 'commit', 'commit', 'commit'],
      ['ESCALATED', 'commit', 'commit', 'commit'],
      ['ANALYZING', 'unchanged', 'commit', 'commit'],
      ['MITIGATING', 'refused', 'unchanged', 'commit'],
      ['CLOSED', 'refused', 'refused', 'unchanged'],
    ]);
  });

  it.each(INCIDENT_STATUSES)('%s is escalated and assigned unless it is CLOSED', (status) => {
    const incident = buildIncident({ status });
    const want = status === 'CLOSED' ? 'refused' : 'commit';
    const command = { request_id: 'r1' };
    const up = decideEscalateIncident(incident, buildAlert(), command, NO_RESPONSE, ctx);
    expect(up.kind).toBe(want);
    if (up.kind === 'commit')
      expect(up.incident).toMatchObject({ status: 'ESCALATED', escalation_level: 1 });
    expect(decideAssignIncident(incident, { assigned_to: 'ada' }, ctx).kind).toBe(want);
  });

  it('refuses a caller who saw an older version, but for what is so already', () => {
    const incident = buildIncident({ version: 3, assigned_to: 'ada' });
    const if_version = 2;
    const kinds = [
      decideChangeStatus(incident, [], { status: 'CLOSED', if_version }, ctx),
      decideAssignIncident(incident, { assigned_to: null, if_version }, ctx),
      decideAssignIncident(incident, { assigned_to: 'ada', if_version }, ctx),
      decideEscalateIncident(
        incident,
        undefined,
        { request_id: 'r', if_version },
        NO_RESPONSE,
        ctx,
      ),
    ].map(({ kind }) => kind);
    expect(kinds).toEqual(['refused', 'refused', 'unchanged', 'refused']);
  });
});

describe('escalating by hand', () => {
  it('makes exactly one more alert per request, however often and at once it is sent', async () => {
    const rig = createIncidentRig();
    const id = (await rig.raise()).incident_id!;
    const send = (request_id: string) => escalateIncident(rig.ports, rig.ctx, id, { request_id });
    await Promise.all([send('r1'), send('r1'), send('r2'), send('r1')]);
    await send('r2');
    expect(rig.incidents()).toMatchObject([{ status: 'ESCALATED', escalation_level: 3 }]);
    expect(rig.escalations()).toHaveLength(3);
    expect(rig.escalations().every(({ incident_id }) => incident_id === id)).toBe(true);
    expect(rig.incidents()[0]!.escalation_ids).toHaveLength(3);
  });

  it('is refused of a closed one, with the incident', async () => {
    const rig = createIncidentRig();
    const { alert_id, incident_id } = await rig.raise();
    await rig.resolve(alert_id);
    const refused = escalateIncident(rig.ports, rig.ctx, incident_id!, { request_id: 'r' });
    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      current: { status: 'CLOSED' },
    });
    expect(rig.escalations()).toHaveLength(1);
  });

  it('tells a step that one commit has no room for by a timer that is due at once', () => {
    const rules = { ...NO_RESPONSE, policies: [buildPolicy()] };
    const plan = (room: number) => {
      const cause = { kind: 'manual', request_id: 'r' } as const;
      const { commit } = openEscalationAlert(buildIncident(), undefined, cause, rules, ctx, room);
      return commit.changes.flatMap(({ kind, row }) =>
        kind === 'timer' ? [`timer ${row.step} ${row.due_at}`] : kind === 'delivery' ? [kind] : [],
      );
    };
    const { updated_at } = buildIncident();
    expect(plan(9).filter((kind) => kind === 'delivery')).toHaveLength(4);
    expect(plan(8)).toEqual([`timer 1 ${updated_at}`]);
  });
});

describe('opening an incident by hand', () => {
  it('takes alerts that are of none, escalates when one is grave, and is found by the next alert', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise({ group: 'a', severity: 'WARN' });
    const b = await rig.raise({ group: 'b', severity: 'WARN' });
    const opened = await openIncident(rig.ports, rig.ctx, [a.alert_id, b.alert_id, a.alert_id], {
      title: 'Checkout is odd',
    });
    expect(opened).toMatchObject({
      title: 'Checkout is odd',
      status: 'OPEN',
      alert_count: 2,
      open_count: 2,
      opened_by: 'user:rosa',
    });
    expect(rig.escalations()).toEqual([]);
    expect((await rig.raise({ group: 'c' })).incident_id).toBe(opened.incident_id);
    await rig.resolve(a.alert_id);
    await rig.resolve(b.alert_id);
    expect(rig.incidents()).toMatchObject([{ open_count: 1, severity: 'ERROR' }]);
  });

  it('escalates with exactly one alert when one of them is grave', async () => {
    const rig = createIncidentRig();
    const alert = buildAlert({ severity: 'CRITICAL' });
    await rig.work.commit({
      changes: [{ kind: 'alert', row: alert, expected: 0 }],
      journal: [],
      outbox: [],
    });
    const opened = await openIncident(rig.ports, rig.ctx, [alert.alert_id], {});
    expect(opened).toMatchObject({ status: 'ESCALATED', escalation_level: 1 });
    expect(rig.escalations()).toHaveLength(1);
  });

  it('refuses alerts that are resolved, of an incident, or an escalation', async () => {
    const rig = createIncidentRig();
    const grave = await rig.raise();
    const mild = await rig.raise({ service: 'search', severity: 'WARN' });
    await rig.resolve(mild.alert_id);
    const escalation = rig.escalations()[0]!;
    for (const { alert_id } of [grave, mild, escalation])
      await expect(openIncident(rig.ports, rig.ctx, [alert_id], {})).rejects.toMatchObject({
        code: 'conflict',
        current: { alert_id },
      });
    await expect(openIncident(rig.ports, rig.ctx, [escalation.alert_id], {})).rejects.toThrow(
      'was made by an escalation',
    );
    await expect(openIncident(rig.ports, rig.ctx, ['none'], {})).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('scopes', () => {
  it('are asked for by every verb', async () => {
    const rig = createIncidentRig();
    const id = (await rig.raise()).incident_id!;
    const viewer = buildContext(rig.clock, { scopes: new Set(['sentry.alert.read']) });
    const nobody = buildContext(rig.clock, { scopes: new Set() });
    const calls = [
      changeStatus(rig.ports, viewer, id, { status: 'CLOSED' }),
      assignIncident(rig.ports, viewer, id, { assigned_to: 'eve' }),
      escalateIncident(rig.ports, viewer, id, { request_id: 'r' }),
      openIncident(rig.ports, viewer, ['a'], {}),
      incidentMetrics(rig.ports, nobody, 1),
      incidentTimeline(rig, nobody, id, { limit: 1 }),
    ];
    for (const end of await Promise.allSettled(calls))
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
  });
});

describe('the history of an incident', () => {
  it('is one line of time over incident and alerts, page by page, each entry naming what it is about', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise({ group: 'a' });
    rig.minutes(1);
    await rig.ack(a.alert_id);
    rig.minutes(1);
    await rig.resolve(a.alert_id);
    const id = a.incident_id!;
    const whole = await incidentTimeline(rig, rig.ctx, id, { limit: 100 });
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await incidentTimeline(rig, rig.ctx, id, {
        limit: 2,
        ...(cursor !== undefined && { cursor }),
      });
      pages.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(pages).toEqual(whole.items);
    const times = whole.items.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    expect(whole.items.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining([
        'Incident opened with severity ERROR',
        'Incident escalated to level 1 by itself',
        'Incident is ANALYZING now, ESCALATED before, by user:rosa',
        'Incident closed by user:rosa: all its alerts are resolved',
        'Resolved by user:rosa: its incident is closed',
      ]),
    );
    const opening = whole.items.find(
      ({ entry, alert_id }) => entry.startsWith('Opened') && alert_id === a.alert_id,
    );
    expect(opening).toMatchObject({ incident_id: id, event_id: a.event_id });
    expect(whole.items.slice(0, 4).map(({ entry }) => entry)).toEqual([
      'Opened with severity ERROR',
      'Incident opened with severity ERROR',
      'Incident escalated to level 1 by itself',
      'Opened with severity ERROR',
    ]);
    const escalation = whole.items.find(({ entry }) => entry.includes('by itself'));
    expect(escalation!.alert_id).toBe(rig.escalations()[0]!.alert_id);
  });
});

describe('how long incidents take', () => {
  it('is their mean and median over those opened in the period', async () => {
    const rig = createIncidentRig();
    for (const [n, minutes] of [10, 20, 60].entries()) {
      const { alert_id } = await rig.raise({ service: `s${n}` });
      rig.minutes(minutes / 2);
      await rig.ack(alert_id);
      rig.minutes(minutes / 2);
      await rig.resolve(alert_id);
    }
    await rig.raise({ service: 'open' });
    expect(await incidentMetrics(rig.ports, rig.ctx, 1)).toMatchObject({
      incidents: 4,
      unresolved: 1,
      seconds_to_acknowledge: { count: 3, mean: 900, median: 600 },
      seconds_to_resolve: { count: 3, mean: 1800, median: 1200 },
      truncated: false,
    });
    rig.minutes(60 * 24);
    expect(await incidentMetrics(rig.ports, rig.ctx, 1)).toMatchObject({ incidents: 1 });
    expect(spreadOf([null])).toEqual({ count: 0, mean: null, median: null });
    expect(spreadOf([1, null, 3])).toEqual({ count: 2, mean: 2, median: 2 });
  });
});
