import { describe, expect, it } from 'vitest';

import { takeTimer } from '#shared/escalation/take-timer.ts';
import { buildRule } from '#shared/testing/build-finding.ts';
import { createIncidentRig } from '#shared/testing/incident-rig.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { changeStatus } from './change-status.ts';

describe('an alert that opens', () => {
  it('of ERROR makes an incident that escalates with exactly one alert, told by the response plan', async () => {
    const rig = createIncidentRig();
    const alert = await rig.raise();
    const [incident] = rig.incidents();
    expect(incident).toMatchObject({
      status: 'ESCALATED',
      escalation_level: 1,
      severity: 'ERROR',
      service: 'checkout',
      alert_ids: [alert.alert_id],
      open_count: 1,
    });
    expect(alert.incident_id).toBe(incident!.incident_id);
    const [escalation] = rig.escalations();
    expect(rig.escalations()).toHaveLength(1);
    expect(escalation).toMatchObject({
      incident_id: incident!.incident_id,
      title: `Incident at level 1: ${alert.title}`,
      severity: 'ERROR',
      policy_id: 'default',
      explain: { observed: '1 alert, 1 not resolved, gravest ERROR' },
    });
    expect(rig.deliveriesOf(escalation!.alert_id)).toHaveLength(4);
    expect(rig.actionsOf(incident!.incident_id)).toEqual(['incident.open', 'incident.escalate']);
    expect(rig.announced()).toEqual(
      expect.arrayContaining(['incident.opened', 'incident.escalated']),
    );
  });

  it('is told to receivers with its incident: row, touch and announcement carry it', async () => {
    const rig = createIncidentRig();
    const { alert_id, incident_id } = await rig.raise();
    expect(rig.tables.touches.find((row) => row.alert_id === alert_id)?.incident_id).toBe(
      incident_id,
    );
    const payloads = [...rig.tables.outbox.values()].map(({ envelope }) => envelope.payload);
    const told = payloads.find(
      ({ alert }) => (alert as { alert_id?: string })?.alert_id === alert_id,
    );
    expect(told).toMatchObject({ alert: { incident_id } });
  });

  it('makes an incident that does not escalate where the tenant says so', async () => {
    const rig = createIncidentRig({ auto_escalate: false });
    await rig.raise();
    expect(rig.incidents()).toMatchObject([{ status: 'OPEN', escalation_level: 0 }]);
    expect(rig.escalations()).toEqual([]);
  });

  it.each(['INFO', 'WARN'] as const)('of %s makes none, but joins one', async (severity) => {
    const rig = createIncidentRig();
    expect((await rig.raise({ severity })).incident_id).toBeUndefined();
    expect(rig.incidents()).toEqual([]);
    await rig.raise({ group: 'grave' });
    const [incident] = rig.incidents();
    const joined = await rig.raise({ group: 'mild', severity });
    expect(joined.incident_id).toBe(incident!.incident_id);
    expect(rig.incidents()).toMatchObject([{ alert_count: 2, open_count: 2, severity: 'ERROR' }]);
    expect(rig.escalations()).toHaveLength(1);
  });

  it('joins the incident of its service within the window, and makes another after it', async () => {
    const rig = createIncidentRig();
    await rig.raise({ group: 'a' });
    rig.minutes(30);
    await rig.raise({ group: 'b', severity: 'CRITICAL' });
    expect(rig.incidents()).toMatchObject([{ alert_count: 2, severity: 'CRITICAL' }]);
    rig.minutes(30.001);
    const late = await rig.raise({ group: 'c' });
    expect(rig.incidents()).toHaveLength(2);
    expect(rig.incidents().map(({ alert_count }) => alert_count)).toEqual([2, 1]);
    const next = await rig.raise({ group: 'd' });
    expect(next.incident_id).toBe(late.incident_id);
    expect(rig.escalations()).toHaveLength(2);
  });

  it('of another service makes an incident of its own', async () => {
    const rig = createIncidentRig();
    await rig.raise();
    await rig.raise({ service: 'search' });
    expect(rig.incidents().map(({ service }) => service)).toEqual(['checkout', 'search']);
  });

  it('joins the incident of a service next to its own, either way, where its own has none', async () => {
    const rig = createIncidentRig({}, [
      { service: 'web', depends_on: ['checkout'] },
      { service: 'checkout', depends_on: ['payments'] },
    ]);
    const first = await rig.raise({ service: 'checkout' });
    const above = await rig.raise({ service: 'web' });
    const below = await rig.raise({ service: 'payments' });
    expect([above.incident_id, below.incident_id]).toEqual([first.incident_id, first.incident_id]);
    expect(rig.incidents()).toMatchObject([{ service: 'checkout', alert_count: 3 }]);
    expect(rig.escalations()).toHaveLength(1);
    // From then on the service's own pointer leads there.
    const again = await rig.raise({ service: 'payments', group: 'b' });
    expect(again.incident_id).toBe(first.incident_id);
  });

  it('does not join through a neighbour’s neighbour, nor what is over, nor where the tenant wants none', async () => {
    const chain = [
      { service: 'web', depends_on: ['checkout'] },
      { service: 'checkout', depends_on: ['payments'] },
    ];
    const rig = createIncidentRig({}, chain);
    await rig.raise({ service: 'web' });
    await rig.raise({ service: 'checkout' });
    await rig.raise({ service: 'payments' });
    expect(rig.incidents().map(({ service }) => service)).toEqual(['web', 'payments']);
    const apart = createIncidentRig({ neighbour_minutes: 0 }, chain);
    await apart.raise({ service: 'web' });
    await apart.raise({ service: 'checkout' });
    expect(apart.incidents()).toHaveLength(2);
    const late = createIncidentRig({}, chain);
    await late.raise({ service: 'web' });
    late.minutes(5.001);
    await late.raise({ service: 'checkout' });
    expect(late.incidents()).toHaveLength(2);
  });

  it.each([
    ['of a staged rule', { rule: buildRule({ state: 'STAGED' }) }],
    ['of a warming series', { warming: true }],
  ])('%s neither makes nor joins one until people are told of it', async (_name, fields) => {
    const rig = createIncidentRig();
    expect((await rig.raise({ group: 'x', fields })).incident_id).toBeUndefined();
    expect(rig.incidents()).toEqual([]);
    const live = await rig.raise({ group: 'x' });
    expect(rig.incidents()).toMatchObject([{ incident_id: live.incident_id, alert_count: 1 }]);
  });

  it('counts on without a word to its incident, and says when it becomes graver', async () => {
    const rig = createIncidentRig();
    await rig.raise();
    const [before] = rig.incidents();
    await rig.raise();
    expect(rig.incidents()).toEqual([before]);
    await rig.raise({ severity: 'CRITICAL' });
    expect(rig.incidents()).toMatchObject([{ severity: 'CRITICAL', alert_count: 1 }]);
  });

  it('that is told as WARN and becomes ERROR makes the incident then', async () => {
    const rig = createIncidentRig();
    await rig.raise({ severity: 'WARN' });
    const graver = await rig.raise({ severity: 'ERROR' });
    expect(rig.incidents()).toMatchObject([{ incident_id: graver.incident_id, open_count: 1 }]);
    expect(rig.escalations()).toHaveLength(1);
  });
});

describe('an incident', () => {
  it('is ANALYZING from the first acknowledgement, of the escalation alert too', async () => {
    for (const which of ['cause', 'escalation'] as const) {
      const rig = createIncidentRig();
      const cause = await rig.raise();
      rig.minutes(2);
      await rig.ack(which === 'cause' ? cause.alert_id : rig.escalations()[0]!.alert_id);
      const [incident] = rig.incidents();
      expect(incident).toMatchObject({
        status: 'ANALYZING',
        acknowledged_at: new Date(rig.clock.now).toISOString(),
      });
      await rig.raise({ group: 'b' });
      await rig.ack(rig.alertOf('b').alert_id);
      expect(rig.incidents()[0]!.acknowledged_at).toBe(incident!.acknowledged_at);
    }
  });

  it('closes with the last of its alerts, in that commit, and resolves its escalation alert', async () => {
    const rig = createIncidentRig();
    const [a, b] = [await rig.raise({ group: 'a' }), await rig.raise({ group: 'b' })];
    await rig.resolve(a.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'ESCALATED', open_count: 1 }]);
    await rig.resolve(b.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'CLOSED', closed_by: 'user:rosa' }]);
    const [escalation] = rig.escalations();
    expect(escalation!.state).toBe('RESOLVED');
    expect(rig.tables.timers.size).toBe(0);
    expect(rig.announced()).toContain('incident.closed');
  });

  it('does not close while an alert of it is open, though its escalation alert is resolved', async () => {
    const rig = createIncidentRig();
    await rig.raise();
    await rig.resolve(rig.escalations()[0]!.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'ESCALATED', open_count: 1 }]);
  });

  it('opens again with a grave alert within the window after the close, without another escalation', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise({ group: 'a' });
    rig.minutes(100);
    await rig.resolve(a.alert_id);
    rig.minutes(30);
    await rig.raise({ group: 'w', severity: 'WARN' });
    expect(rig.incidents()).toMatchObject([{ status: 'CLOSED' }]);
    const b = await rig.raise({ group: 'b' });
    const [incident] = rig.incidents();
    expect(incident).toMatchObject({ status: 'OPEN', open_count: 1, alert_count: 2 });
    expect(incident).not.toHaveProperty('closed_at');
    expect(b.incident_id).toBe(incident!.incident_id);
    expect(rig.escalations()).toHaveLength(1);
    expect(rig.announced()).toContain('incident.reopened');
  });

  it('takes its own alert back when that comes again, counted once', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise();
    await rig.resolve(a.alert_id);
    rig.minutes(5);
    const again = await rig.raise();
    expect(again.alert_id).toBe(a.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'OPEN', alert_count: 1, open_count: 1 }]);
  });

  it('that a person closes leaves its alerts open, and stays closed when they are resolved', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise();
    await changeStatus(rig.ports, rig.ctx, a.incident_id!, { status: 'CLOSED' });
    expect(rig.alertOf().state).toBe('OPEN');
    expect(rig.escalations()).toMatchObject([{ state: 'RESOLVED' }]);
    await rig.resolve(a.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'CLOSED', open_count: 0 }]);
    expect(rig.actionsOf(a.incident_id!).filter((one) => one === 'incident.close')).toHaveLength(1);
  });
});

describe('an alert that was silenced', () => {
  it('makes its incident when the silence is over, by the timer that looks again', async () => {
    const rig = createIncidentRig();
    rig.rules.silences = [buildSilence({ ends_at: '2026-03-01T12:05:00.000Z' })];
    const silent = await rig.raise();
    expect(silent.incident_id).toBeUndefined();
    rig.minutes(6);
    const ports = { ...rig.ports, timers: { hint: () => Promise.resolve() } };
    const name = { alert_id: silent.alert_id, kind: 'recheck', step: 0 } as const;
    expect((await takeTimer(rig.ctx, ports, name)).kind).toBe('taken');
    expect(rig.incidents()).toMatchObject([{ alert_ids: [silent.alert_id], status: 'ESCALATED' }]);
    expect(rig.escalations()).toHaveLength(1);
  });
});
