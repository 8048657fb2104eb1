import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { GROUP_RULE_ID } from '#shared/grouping/group-of.ts';
import { Grouping } from '#shared/grouping/schema.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';

import { planResponse } from './plan-response.ts';
import { NO_RESPONSE, type ResponseRules } from './rules.ts';
import { isHeldByRules, isOnTrial, recheckTimer, suppress } from './suppress.ts';

const now = Date.parse(BUILT_AT) + 60_000;
const AT = new Date(now).toISOString();
const later = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const under = (fields: Partial<ResponseRules>): ResponseRules => ({ ...NO_RESPONSE, ...fields });
const SILENCED = [{ reason: 'silence', id: 'deploy' }];
const HELD_BACK = { step: 'suppression', outcome: 'held_back', id: 'deploy', version: 1 };
const CHOSEN = { step: 'policy', outcome: 'chosen', id: 'default', version: 1 };

describe('the plan for an alert', () => {
  const alert = buildAlert({ policy_id: undefined, escalation_level: 0 });

  it('on trial is to do nothing, whatever else would hold it', () => {
    const held = [{ reason: 'silence', id: 'x' }, { reason: 'staging' }, { reason: 'warming' }];
    const rules = under({ policies: [buildPolicy()], silences: [buildSilence()] });
    expect(planResponse(alert, held, rules, AT)).toStrictEqual({
      alert: { ...alert, suppressed_by: held.slice(1) },
      deliveries: [],
      trace: ['staging', 'warming'].map((detail) => ({
        step: 'suppression',
        outcome: 'held_back',
        detail,
      })),
    });
  });

  it('held back is to look again', () => {
    const rules = under({ policies: [buildPolicy()], silences: [buildSilence()] });
    expect(planResponse(alert, [], rules, AT)).toStrictEqual({
      alert: { ...alert, suppressed_by: SILENCED },
      deliveries: [],
      timer: recheckTimer(alert, later(15)),
      trace: [{ ...HELD_BACK, detail: 'silence' }],
    });
  });

  it('of no policy says so', () => {
    const held = { ...alert, suppressed_by: SILENCED };
    expect(planResponse(held, SILENCED, NO_RESPONSE, AT)).toStrictEqual({
      alert: { ...alert, suppressed_by: [] },
      deliveries: [],
      trace: [{ step: 'policy', outcome: 'none_matches' }],
    });
  });

  it('of a group is told by that, with what its members have in common', () => {
    const by = ['service'];
    const grouping = Grouping.parse({ by });
    const policies = [buildPolicy({ grouping })];
    const plan = planResponse(alert, [], under({ policies }), AT);
    const { alert_group_id } = plan.alert;
    expect(plan).toStrictEqual({
      alert: { ...alert, policy_id: 'default', alert_group_id, suppressed_by: [] },
      deliveries: [],
      trace: [
        CHOSEN,
        { step: 'grouping', outcome: 'joined', id: alert_group_id, detail: 'service checkout' },
      ],
    });
    const all = under({
      policies: [buildPolicy({ grouping: Grouping.parse({ by: [] }) })],
    });
    expect(planResponse(alert, [], all, AT).trace.at(-1)).not.toHaveProperty('detail');
  });

  it('through which a group speaks is under the policy that made it, while that is on', () => {
    const group = buildAlert({ rule_id: GROUP_RULE_ID, policy_id: 'mine', escalation_level: 0 });
    const first = buildPolicy({ policy_id: 'first', order: 0 });
    const mine = buildPolicy({ policy_id: 'mine', order: 5 });
    const policyOf = (...policies: EscalationPolicy[]) =>
      planResponse(group, [], under({ policies }), AT).alert.policy_id;
    expect(policyOf(first, mine)).toBe('mine');
    const grouped = { ...mine, grouping: Grouping.parse({}) };
    expect(planResponse(group, [], under({ policies: [grouped] }), AT).deliveries).toHaveLength(4);
    expect(policyOf(first, { ...mine, enabled: false })).toBe('first');
    const own = { ...group, rule_id: 'cpu-high' };
    expect(planResponse(own, [], under({ policies: [mine, first] }), AT).alert.policy_id).toBe(
      'first',
    );
  });
});

it('a plan leaves nothing of what held the alert back before', () => {
  const held = buildAlert({ policy_id: undefined, escalation_level: 0, suppressed_by: SILENCED });
  for (const grouping of [undefined, Grouping.parse({})]) {
    const policies = [buildPolicy({ ...(grouping && { grouping }) })];
    const { alert } = planResponse(held, SILENCED, under({ policies }), AT);
    expect(alert).toMatchObject({ policy_id: 'default', suppressed_by: [] });
  }
});

describe('what holds an alert back now', () => {
  it('is every rule that does, each with its version, until the last ends or 15 minutes', () => {
    const database = buildAlert({ alert_id: 'd', rule_id: 'database-down' });
    const rules = under({
      silences: [buildSilence({ ends_at: later(2) })],
      maintenance: [buildMaintenance({ version: 5, duration_minutes: 5 })],
      inhibitions: [buildInhibition({ version: 6 })],
      inhibitors: [database],
    });
    const held = (reason: string, id: string, version: number) => ({
      step: 'suppression',
      outcome: 'held_back',
      id,
      version,
      detail: reason,
    });
    const tired = buildAlert({ fatigue_score: 0.8 });
    expect(suppress(tired, rules, AT)).toStrictEqual({
      suppressed_by: [
        { reason: 'silence', id: 'deploy' },
        { reason: 'maintenance', id: 'patching' },
        { reason: 'inhibition', id: 'database-down' },
        { reason: 'fatigue' },
      ],
      recheck_at: later(4),
      trace: [
        held('silence', 'deploy', 1),
        held('maintenance', 'patching', 5),
        held('inhibition', 'database-down', 6),
        { step: 'suppression', outcome: 'held_back', detail: 'fatigue' },
      ],
    });
    const inhibited = under({ inhibitions: rules.inhibitions, inhibitors: [database] });
    expect(suppress(buildAlert(), inhibited, AT).recheck_at).toBe(later(3));
    const silenced = under({ silences: [buildSilence()] });
    expect(suppress(buildAlert(), silenced, AT).recheck_at).toBe(later(15));
  });

  it.each<[string, Partial<Alert>, boolean]>([
    ['one that mostly goes by itself', { fatigue_score: 0.8 }, true],
    ['one that does so less often', { fatigue_score: 0.799 }, false],
    ['one whose group is new', {}, false],
    ['one that is CRITICAL', { fatigue_score: 0.99, severity: 'CRITICAL' }, false],
    ['one that stayed for five minutes', { fatigue_score: 0.8, created_at: later(-5) }, false],
    ['one that stayed for less', { fatigue_score: 0.8, created_at: later(-4.99) }, true],
    ['one through which a group speaks', { fatigue_score: 0.8, rule_id: GROUP_RULE_ID }, false],
  ])('is fatigue for %s: %s', (_name, fields, isHeld) => {
    const found = suppress(buildAlert(fields), NO_RESPONSE, AT);
    if (isHeld) expect(found.suppressed_by).toEqual([{ reason: 'fatigue' }]);
    else expect(found).toStrictEqual({ suppressed_by: [], trace: [] });
  });

  it('is decided here or by a finding, never both', () => {
    const by = (...reasons: string[]) => {
      const suppressed_by = reasons.map((reason) => ({ reason }));
      return [isHeldByRules({ suppressed_by }), isOnTrial({ suppressed_by })];
    };
    for (const reason of ['silence', 'maintenance', 'inhibition', 'fatigue'])
      expect(by(reason)).toEqual([true, false]);
    for (const trial of ['staging', 'warming']) {
      expect(by(trial)).toEqual([false, true]);
      expect(by('silence', trial)).toEqual([false, true]);
    }
    expect(by()).toEqual([false, false]);
    expect(by('other')).toEqual([false, false]);
  });

  it('is a silence, though the alert came after it began', () => {
    const silences = [buildSilence({ starts_at: later(-10) })];
    const found = suppress(buildAlert({ created_at: AT }), under({ silences }), AT);
    expect(found.suppressed_by).toEqual(SILENCED);
  });

  it('is looked at again under the step that is asked for', () => {
    const { tenant, alert_id } = buildAlert();
    const row = { tenant, alert_id, kind: 'recheck', due_at: AT, revision: 1 };
    expect(recheckTimer(buildAlert(), AT)).toStrictEqual({ ...row, step: 0 });
    expect(recheckTimer(buildAlert(), AT, 3)).toStrictEqual({ ...row, step: 3 });
  });
});
