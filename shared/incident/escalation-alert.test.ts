import { describe, expect, it } from 'vitest';

import type { AlertRows } from '#shared/alert/decision.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildIncident } from '#shared/testing/build-incident.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { withEscalationsResolved } from './close.ts';
import { openEscalationAlert } from './escalation-alert.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) });
const response: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()] };

describe('an escalation alert', () => {
  const cause = { kind: 'auto' } as const;
  const incident = buildIncident({ escalation_level: 1, alert_count: 3, open_count: 2 });

  it('that a commit has no room for is told by its timer: whole rows', () => {
    const { alert, commit } = openEscalationAlert(incident, undefined, cause, response, ctx, 8);
    expect(alert).toMatchObject({ escalation_level: 0, next_escalation_at: BUILT_AT });
    expect(commit.changes).toStrictEqual([
      { kind: 'alert', row: alert, expected: 0 },
      {
        kind: 'timer',
        row: {
          tenant: 't1',
          alert_id: alert.alert_id,
          step: 1,
          kind: 'escalate',
          due_at: BUILT_AT,
          policy_id: 'default',
          revision: 1,
        },
        expected: 0,
      },
      { kind: 'touch', row: alert },
    ]);
    expect(commit.outbox[0]!.envelope.payload.channels).toEqual([]);
  });

  it('says what its incident is like, with what an alert of it is known by', () => {
    const like = buildAlert({
      category: 'resource',
      runbook_url: 'https://runbooks.example/cpu',
      evidence: {
        first: ['e-1', 'e-2'].map((event_id) => ({
          ...buildAlert().evidence.first[0]!,
          event_id,
        })),
        last: [],
      },
    });
    const { alert } = openEscalationAlert(incident, like, cause, response, ctx, 50);
    const { category, runbook_url, labels } = like;
    expect(alert).toMatchObject({ category, runbook_url, labels, explain: SAYS });
    expect(alert.evidence).toEqual({ first: like.evidence.first.slice(0, 1), last: [] });
  });

  it('that a silence holds back is told to nobody, and the journal says what holds it', () => {
    const silences = [buildSilence()];
    const rules = { ...response, silences };
    const { alert, commit } = openEscalationAlert(incident, undefined, cause, rules, ctx, 50);
    const suppressed_by = [{ reason: 'silence', id: 'deploy' }];
    expect(alert.suppressed_by).toEqual(suppressed_by);
    expect(commit.journal[0]!.after).toMatchObject({ suppressed_by });
    expect(commit.changes.map(({ kind }) => kind)).toEqual(['alert', 'timer', 'touch']);
  });
});

const SAYS = {
  summary: `Incident ${buildIncident().incident_id} escalated to level 1 by itself`,
  observed: '3 alerts, 2 not resolved, gravest ERROR',
};

it('the close of an incident resolves its newest escalation alerts, as many as the commit holds', () => {
  const escalations: AlertRows[] = Array.from({ length: 30 }, (_, n) => ({
    alert: buildAlert({ alert_id: `e${n}` }),
    deliveries: [],
    timers: [],
  }));
  // Alert, touch, journal and outbox of each.
  for (const [rows, reserved, resolved] of [
    [0, 0, 25],
    [0, 1, 24],
    [4, 0, 24],
    [3, 1, 24],
    [1, 0, 24],
  ] as const) {
    const changes = Array.from({ length: rows }, () => {
      return { kind: 'incident', row: buildIncident(), expected: 1 } as const;
    });
    const begun = { changes, journal: [], outbox: [] };
    const whole = withEscalationsResolved(begun, escalations, ctx, BUILT_AT, reserved);
    const ids = whole.changes.flatMap(({ kind, row }) => (kind === 'alert' ? row.alert_id : []));
    expect(ids).toEqual(Array.from({ length: resolved }, (_, n) => `e${29 - n}`));
  }
});
