import { describe, expect, it } from 'vitest';

import type { AlertRows } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Commit } from '#shared/ports/work-store.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, buildDelivery, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildIncident, buildIncidentPointer } from '#shared/testing/build-incident.ts';
import {
  DECIDED_AT as AT,
  expectEscalationAlert,
  expectTold,
  type Told,
} from '#shared/testing/expect-incident.ts';

import { announceIncident } from './announce.ts';
import { decideAssignIncident } from './assign.ts';
import { decideChangeStatus } from './change-status.ts';
import type { IncidentDecision } from './change.ts';
import { decideEscalateIncident } from './escalate.ts';
import { escalationAlertId } from './escalation-alert.ts';
import { decideOpenIncident } from './open.ts';
import { IncidentSettings, type Incident } from './schema.ts';

const clock = { now: Date.parse(AT) };
const ctx = buildContext(clock, { ip_address: '192.0.2.7' });
const response: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()] };
const RESOLVED = { state: 'RESOLVED', resolved_at: BUILT_AT, resolved_by: 'user:sam' } as const;

const incidentsIn = ({ changes }: Commit) => changes.filter(({ kind }) => kind === 'incident');
const STEPPED = { updated_at: AT, version: 4, revision: 10 };
const FORMER = { version: 3, revision: 9 };

/** The commit of a decision about an incident that stood, whole. */
function expectDecided(
  decision: IncidentDecision,
  former: Incident,
  fields: Partial<Incident>,
  told: Told,
): Commit {
  if (decision.kind !== 'commit') expect.unreachable(decision.kind);
  const { commit, incident } = decision;
  expect(incident).toStrictEqual({ ...former, ...STEPPED, ...fields });
  expect(incidentsIn(commit)).toStrictEqual([
    { kind: 'incident', row: incident, expected: former.revision },
  ]);
  expectTold(commit, incident, [told]);
  return commit;
}

describe('what a person does to an incident is written whole', () => {
  it('assigned, to another, and to nobody', () => {
    const former = buildIncident(FORMER);
    const given = { assigned_to: 'ada', reason: 'her turn' };
    expectDecided(
      decideAssignIncident(former, given, ctx),
      former,
      { assigned_to: 'ada' },
      {
        action: 'incident.assign',
        type: 'incident.assigned',
        before: { assigned_to: null },
        after: { assigned_to: 'ada' },
        reason: 'her turn',
      },
    );
    const taken = decideAssignIncident(
      { ...former, assigned_to: 'ada' },
      { assigned_to: null },
      ctx,
    );
    expectDecided(
      taken,
      former,
      {},
      {
        action: 'incident.assign',
        type: 'incident.assigned',
        before: { assigned_to: 'ada' },
        after: { assigned_to: null },
      },
    );
  });

  it('moved on: the first time somebody looked into it is kept', () => {
    for (const acknowledged_at of [undefined, BUILT_AT]) {
      const former = buildIncident({ ...FORMER, ...(acknowledged_at && { acknowledged_at }) });
      const moved = decideChangeStatus(
        former,
        [],
        { status: 'MITIGATING', reason: 'found it' },
        ctx,
      );
      expectDecided(
        moved,
        former,
        { status: 'MITIGATING', acknowledged_at: acknowledged_at ?? AT },
        {
          action: 'incident.change_status',
          type: 'incident.status_changed',
          before: { status: 'OPEN' },
          after: { status: 'MITIGATING' },
          reason: 'found it',
        },
      );
    }
  });

  it('moved on it resolves no escalation alert, and an escalation it names is not repeated', () => {
    const rows = { alert: buildAlert({ alert_id: 'e1' }), deliveries: [], timers: [] };
    const moved = decideChangeStatus(buildIncident(), [rows], { status: 'MITIGATING' }, ctx);
    if (moved.kind !== 'commit') expect.unreachable(moved.kind);
    expect(moved.commit.changes.map(({ kind }) => kind)).toEqual(['incident']);
    const id = escalationAlertId(buildIncident(), { kind: 'manual', request_id: 'r' });
    const former = buildIncident({ escalation_ids: [id] });
    const again = decideEscalateIncident(former, undefined, { request_id: 'r' }, response, ctx);
    expect(again).toStrictEqual({ kind: 'unchanged', incident: former });
  });

  it('closed, with the escalation alerts that are not resolved', () => {
    const former = buildIncident({ ...FORMER, status: 'ESCALATED' });
    const escalations: AlertRows[] = ['e1', 'e2', 'e3'].map((alert_id, at) => ({
      alert: buildAlert({ alert_id, version: 5, revision: 7, ...(at === 2 && RESOLVED) }),
      deliveries: [buildDelivery({ alert_id, status: 'SENT', sent: 'trigger' })],
      timers: [buildTimer({ alert_id })],
    }));
    const command = { status: 'CLOSED', reason: 'over' } as const;
    const decision = decideChangeStatus(former, escalations, command, ctx);
    const commit = expectDecided(
      decision,
      former,
      { status: 'CLOSED', closed_by: 'user:rosa', closed_at: AT },
      {
        action: 'incident.close',
        type: 'incident.closed',
        before: { status: 'ESCALATED' },
        after: { status: 'CLOSED' },
        reason: 'over',
      },
    );
    const alerts = commit.changes.filter(({ kind }) => kind === 'alert');
    expect(alerts).toStrictEqual(
      ['e2', 'e1'].map((alert_id) => ({
        kind: 'alert',
        expected: 7,
        row: buildAlert({
          alert_id,
          state: 'RESOLVED',
          resolved_by: 'user:rosa',
          resolved_at: AT,
          updated_at: AT,
          version: 6,
          revision: 8,
        }),
      })),
    );
    expect(
      commit.journal
        .filter(({ subject }) => subject.kind === 'alert')
        .map(({ subject, action, before, after, reason }) => [
          subject.id,
          action,
          before,
          after,
          reason,
        ]),
    ).toEqual(
      ['e2', 'e1'].map((id) => [
        id,
        'alert.resolve',
        { state: 'OPEN' },
        { state: 'RESOLVED', resolved_by: 'user:rosa' },
        'its incident is closed',
      ]),
    );
    expect(commit.outbox.slice(1).map(({ envelope }) => envelope.type)).toEqual([
      'alert.resolved',
      'alert.resolved',
    ]);
    const gone = commit.changes.filter(({ kind }) => kind === 'timer.delete');
    expect(gone).toHaveLength(2);
  });

  it('escalated: one level higher, and the alert that tells of it', () => {
    const former = buildIncident({ ...FORMER, escalation_level: 2, escalation_ids: ['x'] });
    const id = escalationAlertId(former, { kind: 'manual', request_id: 'r' });
    const command = { request_id: 'r', reason: 'nobody came' };
    const decision = decideEscalateIncident(former, buildAlert(), command, response, ctx);
    const commit = expectDecided(
      decision,
      former,
      { status: 'ESCALATED', escalation_level: 3, escalation_ids: ['x', id] },
      {
        action: 'incident.escalate',
        type: 'incident.escalated',
        before: { status: 'OPEN', escalation_level: 2 },
        after: {
          status: 'ESCALATED',
          escalation_level: 3,
          escalation_alert_id: id,
          cause: 'manual',
        },
        reason: 'nobody came',
      },
    );
    expectEscalationAlert(commit, id, {
      incident_id: former.incident_id,
      title: 'Incident at level 3: CPU of checkout is high',
      group_key: `${former.incident_id}|manual|r`,
      explain: {
        detector: 'incident',
        summary: `Incident ${former.incident_id} escalated to level 3 by user:rosa`,
        expected: 'no incident of this service',
        observed: '1 alert, 1 not resolved, gravest ERROR',
      },
    });
  });
});

describe('an incident that a person opens', () => {
  const alerts = [
    buildAlert({ alert_id: 'mild', severity: 'WARN', service: 'web', revision: 3 }),
    buildAlert({ alert_id: 'grave', revision: 4 }),
  ];

  it('is of the gravest, names all, and escalates: whole rows', () => {
    const pointer = buildIncidentPointer({ incident_id: 'former', revision: 5 });
    const command = { title: 'Odd', reason: 'belong together' };
    const { commit, incident } = decideOpenIncident(alerts, pointer, command, response, ctx);
    const { incident_id } = incident;
    const id = escalationAlertId({ tenant: 't1', incident_id }, { kind: 'auto' });
    expect(incident).toStrictEqual(
      buildIncident({
        incident_id,
        title: 'Odd',
        status: 'ESCALATED',
        alert_ids: ['grave', 'mild'],
        alert_count: 2,
        open_count: 2,
        escalation_level: 1,
        escalation_ids: [id],
        opened_by: 'user:rosa',
        opened_at: AT,
        last_alert_at: AT,
        updated_at: AT,
      }),
    );
    expect(commit.changes.slice(0, 6)).toStrictEqual([
      { kind: 'incident', row: incident, expected: 0 },
      {
        kind: 'incident.pointer',
        row: { tenant: 't1', service: 'checkout', incident_id, opened_at: AT, revision: 6 },
        expected: 5,
      },
      ...alerts.flatMap((alert) => {
        const row = { ...alert, incident_id, revision: alert.revision + 1 };
        return [
          { kind: 'alert', row, expected: alert.revision },
          { kind: 'touch', row },
        ];
      }),
    ]);
    expectTold(commit, incident, [
      {
        action: 'incident.open',
        type: 'incident.opened',
        after: {
          status: 'ESCALATED',
          severity: 'ERROR',
          title: 'Odd',
          service: 'checkout',
          alert_id: 'grave',
          alert_ids: ['grave', 'mild'],
        },
        reason: 'belong together',
      },
      {
        action: 'incident.escalate',
        type: 'incident.escalated',
        after: { status: 'ESCALATED', escalation_level: 1, escalation_alert_id: id, cause: 'auto' },
      },
    ]);
    expectEscalationAlert(commit, id, {
      incident_id,
      title: 'Incident at level 1: Odd',
      group_key: `${incident_id}|auto`,
      explain: {
        detector: 'incident',
        summary: `Incident ${incident_id} escalated to level 1 by itself`,
        expected: 'no incident of this service',
        observed: '2 alerts, 2 not resolved, gravest ERROR',
      },
    });
  });

  it('is of the first of the gravest, wherever that stands among them', () => {
    const [mild, grave] = alerts as [Alert, Alert];
    const other = { ...grave, alert_id: 'other' };
    for (const given of [
      [grave, mild],
      [grave, other],
    ])
      expect(decideOpenIncident(given, undefined, {}, response, ctx).incident.alert_ids).toEqual(
        given.map(({ alert_id }) => alert_id),
      );
  });

  it('does not escalate where the tenant says so, nor of alerts that are not grave', () => {
    const incidents = IncidentSettings.parse({ auto_escalate: false });
    const quiet = decideOpenIncident(alerts, undefined, {}, { ...response, incidents }, ctx);
    const mild = decideOpenIncident([alerts[0]!], undefined, {}, response, ctx);
    for (const { commit, incident } of [quiet, mild]) {
      expect(incident).toMatchObject({ status: 'OPEN', title: 'CPU of checkout is high' });
      expect(commit.changes[1]).toMatchObject({ row: { revision: 1 }, expected: 0 });
      expect(commit.journal).toHaveLength(1);
      expect(new Set(commit.changes.map(({ kind }) => kind))).not.toContain('delivery');
    }
  });
});

it('ids of what is told of incidents are those of no other incident, action or revision', () => {
  const opened = { action: 'incident.open', type: 'incident.opened' } as const;
  const closed = { action: 'incident.close', type: 'incident.closed' } as const;
  const said = [
    announceIncident(buildIncident(), [opened, closed], ctx),
    announceIncident(buildIncident({ incident_id: 'other' }), [opened], ctx),
    announceIncident(buildIncident({ revision: 2 }), [opened], ctx),
  ];
  expect(new Set(said.flatMap(({ journal }) => journal.map((one) => one.entry_id))).size).toBe(4);
  expect(new Set(said.flatMap(({ outbox }) => outbox.map((one) => one.outbox_id))).size).toBe(4);
  const { ip_address: _no, ...inside } = ctx;
  const [entry] = announceIncident(buildIncident(), [opened], inside).journal;
  expect(entry).not.toHaveProperty('ip_address');
  expect(entry).not.toHaveProperty('reason');
});
