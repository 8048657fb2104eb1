import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { Commit } from '#shared/ports/work-store.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildIncident, buildIncidentPointer } from '#shared/testing/build-incident.ts';
import {
  DECIDED_AT as AT,
  expectEscalationAlert,
  expectTold,
} from '#shared/testing/expect-incident.ts';

import { correlate } from './correlate.ts';
import type { Decided, IncidentRows } from './decided.ts';
import { escalationAlertId } from './escalation-alert.ts';
import { IncidentSettings, type Incident } from './schema.ts';
import type { Turn } from './turn.ts';

const clock = { now: Date.parse(AT) };
const ctx = buildContext(clock, { ip_address: '192.0.2.7' });
const response: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()] };
const settings = IncidentSettings.parse({});
const incidentsIn = ({ changes }: Commit) => changes.filter(({ kind }) => kind === 'incident');
const STEPPED = { updated_at: AT, version: 4, revision: 10 };
const FORMER = { version: 3, revision: 9 };

/** What a reducer of alerts decided: the alert's row, its touch and one announcement of it. */
function decidedOf(fields: Partial<Alert> = {}): Decided {
  const alert = buildAlert({ revision: 2, ...fields });
  const envelope = {
    id: 'o',
    type: 'alert.opened',
    source: 'sentry.alert',
    target: null,
    timestamp: 0,
    payload: { tenant: 't1', alert, channels: ['email'] },
    meta: { correlation_id: 'c-1', version: '1.0' as const },
  };
  const other = buildAlert({ alert_id: 'other' });
  return {
    alert,
    commit: {
      changes: [
        { kind: 'alert', row: alert, expected: 1 },
        { kind: 'alert', row: other, expected: 0 },
        { kind: 'touch', row: alert },
      ],
      journal: [],
      outbox: [{ outbox_id: 'o', tenant: 't1', created_at: BUILT_AT, envelope }],
    },
  };
}
const turnTo = (turn: Turn, fields: Partial<Alert>, rows: IncidentRows, window = settings) =>
  correlate(decidedOf(fields), turn, rows, { settings: window, response }, ctx);

/** The alert in row, touch and announcement alike, all others as they were. */
function expectAlertRow({ alert, commit }: Decided, fields: Partial<Alert>): void {
  expect(alert).toStrictEqual(buildAlert({ revision: 2, ...fields }));
  const other = buildAlert({ alert_id: 'other' });
  expect(commit.changes.slice(0, 3)).toStrictEqual([
    { kind: 'alert', row: alert, expected: 1 },
    { kind: 'alert', row: other, expected: 0 },
    { kind: 'touch', row: alert },
  ]);
  expect(commit.outbox[0]!.envelope.payload).toStrictEqual({
    tenant: 't1',
    alert,
    channels: ['email'],
  });
}

describe('what an alert does to its incident is written whole', () => {
  const own = { incident_id: buildIncident().incident_id };

  it('as it causes one, which escalates and is found by the next alerts of the service', () => {
    const pointer = buildIncidentPointer({ incident_id: 'former', revision: 5 });
    const decided = turnTo('arrives', {}, { pointer });
    const incident_id = decided.alert.incident_id!;
    expectAlertRow(decided, { incident_id });
    const { commit } = decided;
    const id = escalationAlertId({ tenant: 't1', incident_id }, { kind: 'auto' });
    const incident = buildIncident({
      incident_id,
      status: 'ESCALATED',
      escalation_level: 1,
      escalation_ids: [id],
      opened_by: 'user:rosa',
      opened_at: AT,
      last_alert_at: AT,
      updated_at: AT,
    });
    expect(incidentsIn(commit)).toStrictEqual([{ kind: 'incident', row: incident, expected: 0 }]);
    expect(commit.changes.filter(({ kind }) => kind === 'incident.pointer')).toStrictEqual([
      {
        kind: 'incident.pointer',
        row: { tenant: 't1', service: 'checkout', incident_id, opened_at: AT, revision: 6 },
        expected: 5,
      },
    ]);
    expectTold(commit, incident, [
      {
        action: 'incident.open',
        type: 'incident.opened',
        after: {
          status: 'ESCALATED',
          severity: 'ERROR',
          title: incident.title,
          service: 'checkout',
          alert_id: decided.alert.alert_id,
        },
      },
      {
        action: 'incident.escalate',
        type: 'incident.escalated',
        after: {
          status: 'ESCALATED',
          escalation_level: 1,
          escalation_alert_id: id,
          cause: 'auto',
        },
      },
    ]);
    expectEscalationAlert(commit, id, {
      incident_id,
      title: 'Incident at level 1: CPU of checkout is high',
      group_key: `${incident_id}|auto`,
      explain: {
        detector: 'incident',
        summary: `Incident ${incident_id} escalated to level 1 by itself`,
        expected: 'no incident of this service',
        observed: '1 alert, 1 not resolved, gravest ERROR',
      },
    });
  });

  it('as it causes one that does not escalate', () => {
    const quiet = { ...settings, auto_escalate: false };
    const { commit, alert } = turnTo('arrives', {}, {}, quiet);
    const { incident_id = '' } = alert;
    const fields = { incident_id, opened_by: 'user:rosa', opened_at: AT, last_alert_at: AT };
    const row = buildIncident({ ...fields, updated_at: AT });
    expect(incidentsIn(commit)).toStrictEqual([{ kind: 'incident', row, expected: 0 }]);
    expect(commit.changes.at(-1)).toStrictEqual({
      kind: 'incident.pointer',
      row: { tenant: 't1', service: 'checkout', incident_id, opened_at: AT, revision: 1 },
      expected: 0,
    });
    expect(commit.changes).toHaveLength(5);
    const { status, severity, title, service } = row;
    const after = { status, severity, title, service, alert_id: alert.alert_id };
    expectTold(commit, row, [{ action: 'incident.open', type: 'incident.opened', after }]);
  });

  it('as it joins one that stands, graver than that was', () => {
    const current = buildIncident({ ...FORMER, severity: 'WARN' });
    const pointer = buildIncidentPointer();
    const decided = turnTo('arrives', { alert_id: 'b' }, { current, pointer });
    expectAlertRow(decided, { alert_id: 'b', ...own });
    const row: Incident = {
      ...current,
      severity: 'ERROR',
      alert_ids: [...current.alert_ids, 'b'],
      alert_count: 2,
      open_count: 2,
      last_alert_at: AT,
      ...STEPPED,
    };
    expect(decided.commit.changes.slice(3)).toStrictEqual([{ kind: 'incident', row, expected: 9 }]);
    expectTold(decided.commit, row, [
      {
        action: 'incident.join',
        before: { severity: 'WARN' },
        after: { alert_id: 'b', alert_count: 2, open_count: 2, severity: 'ERROR' },
      },
    ]);
  });

  it('as it joins one of a service beside it, which its own service finds from then on', () => {
    const near = buildIncident({ ...FORMER, service: 'web' });
    const decided = turnTo('arrives', { alert_id: 'b' }, { neighbours: [near] });
    const row: Incident = {
      ...near,
      alert_ids: [...near.alert_ids, 'b'],
      alert_count: 2,
      open_count: 2,
      last_alert_at: AT,
      updated_at: AT,
      revision: 10,
    };
    const { tenant, incident_id } = near;
    expect(decided.commit.changes.slice(3)).toStrictEqual([
      { kind: 'incident', row, expected: 9 },
      {
        kind: 'incident.pointer',
        row: { tenant, service: 'checkout', incident_id, opened_at: AT, revision: 1 },
        expected: 0,
      },
    ]);
    const after = { alert_id: 'b', alert_count: 2, open_count: 2, severity: 'ERROR' };
    expectTold(decided.commit, row, [
      { action: 'incident.join', after: { ...after, neighbour: 'checkout' } },
    ]);
  });

  it('as it comes back to one that was closed', () => {
    const closed = { status: 'CLOSED', closed_by: 'user:sam', closed_at: BUILT_AT } as const;
    const former = buildIncident({ ...FORMER, open_count: 0 });
    const decided = turnTo('arrives', own, { own: { ...former, ...closed } });
    const row: Incident = {
      ...former,
      open_count: 1,
      reopened_at: AT,
      last_alert_at: AT,
      ...STEPPED,
    };
    expect(incidentsIn(decided.commit)).toStrictEqual([{ kind: 'incident', row, expected: 9 }]);
    const { alert_id } = decided.alert;
    expectTold(decided.commit, row, [
      {
        action: 'incident.join',
        after: { alert_id, alert_count: 1, open_count: 1, severity: 'ERROR' },
      },
      {
        action: 'incident.reopen',
        type: 'incident.reopened',
        before: { status: 'CLOSED', closed_at: BUILT_AT },
        after: { status: 'OPEN', alert_id },
      },
    ]);
  });

  it('as somebody acknowledges it: the first time is kept', () => {
    for (const acknowledged_at of [undefined, BUILT_AT]) {
      const former = buildIncident({ ...FORMER, ...(acknowledged_at && { acknowledged_at }) });
      const { commit } = turnTo('acknowledged', own, { own: former });
      const row: Incident = {
        ...former,
        status: 'ANALYZING',
        acknowledged_at: acknowledged_at ?? AT,
        ...STEPPED,
      };
      expect(incidentsIn(commit)).toStrictEqual([{ kind: 'incident', row, expected: 9 }]);
      expectTold(commit, row, [
        {
          action: 'incident.change_status',
          type: 'incident.status_changed',
          before: { status: 'OPEN' },
          after: { status: 'ANALYZING', alert_id: buildAlert().alert_id },
        },
      ]);
    }
  });

  it('as it is resolved: one less, and the last closes it', () => {
    const two = buildIncident({ ...FORMER, open_count: 2 });
    const less = turnTo('resolved', own, { own: two }).commit;
    const left: Incident = { ...two, open_count: 1, updated_at: AT, revision: 10 };
    expect(incidentsIn(less)).toStrictEqual([{ kind: 'incident', row: left, expected: 9 }]);
    expectTold(less, left, []);
    const one = buildIncident(FORMER);
    const { commit } = turnTo('resolved', own, { own: one });
    const over = { status: 'CLOSED', closed_by: 'user:rosa', closed_at: AT } as const;
    const row: Incident = { ...one, open_count: 0, ...over, ...STEPPED };
    expect(incidentsIn(commit)).toStrictEqual([{ kind: 'incident', row, expected: 9 }]);
    expectTold(commit, row, [
      {
        action: 'incident.close',
        type: 'incident.closed',
        before: { status: 'OPEN' },
        after: { status: 'CLOSED', alert_id: buildAlert().alert_id },
        reason: 'all its alerts are resolved',
      },
    ]);
  });

  it('as it becomes graver', () => {
    const former = buildIncident({ ...FORMER, severity: 'WARN' });
    const { commit } = turnTo('graver', own, { own: former });
    const row: Incident = { ...former, severity: 'ERROR', ...STEPPED };
    expect(incidentsIn(commit)).toStrictEqual([{ kind: 'incident', row, expected: 9 }]);
    expectTold(commit, row, [
      {
        action: 'incident.severity_changed',
        before: { severity: 'WARN' },
        after: { severity: 'ERROR', alert_id: buildAlert().alert_id },
      },
    ]);
    const same = turnTo('graver', own, { own: buildIncident() });
    expect(same).toStrictEqual(decidedOf(own));
  });

  it('as it leaves it: nothing but the alert knows', () => {
    const decided = turnTo('leaves', own, {});
    expectAlertRow(decided, {});
    expect(decided.alert).not.toHaveProperty('incident_id');
    expect(decided.commit.changes).toHaveLength(3);
  });
});
