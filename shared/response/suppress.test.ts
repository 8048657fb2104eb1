import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import { BUILT_AT, buildAlert } from '#shared/testing/build-alert.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';

import { NO_RESPONSE, type ResponseRules } from './rules.ts';
import { suppress } from './suppress.ts';

const DATABASE = buildAlert({ alert_id: 'd'.repeat(26), rule_id: 'database-down' });
const heldBy = (rules: Partial<ResponseRules>, alert: Partial<Alert> = {}, at = BUILT_AT) => {
  const found = suppress(buildAlert(alert), { ...NO_RESPONSE, ...rules }, at);
  return [
    found.suppressed_by.map(({ reason, id }) => `${reason} ${id}`),
    found.recheck_at?.slice(11, 16),
  ];
};
const NOBODY = [[], undefined];

describe('an alert is held back', () => {
  it.each([
    ['before it starts', '2026-03-01T11:59:59.999Z', NOBODY],
    ['as it starts', '2026-03-01T12:00:00.000Z', [['silence deploy'], '12:15']],
    ['near its end', '2026-03-01T13:50:00.000Z', [['silence deploy'], '14:00']],
    ['at its end', '2026-03-01T14:00:00.000Z', NOBODY],
  ])('by a silence: %s', (_, at, expected) => {
    expect(heldBy({ silences: [buildSilence()] }, {}, at)).toEqual(expected);
  });

  it.each([
    ['that fires when it starts', { created_at: BUILT_AT }, ['silence deploy']],
    ['that opens afterwards', { created_at: '2026-03-01T12:00:00.001Z' }, []],
    ['that came back afterwards', { reopened_at: '2026-03-01T12:00:00.001Z' }, []],
    ['of another service', { service: 'billing' }, []],
  ])('until it is resolved, by such a silence: one %s', (_, alert, expected) => {
    const { ends_at: _e, ...rest } = buildSilence({ until_resolved: true });
    const [reasons] = heldBy({ silences: [rest] }, alert, '2026-03-20T00:00:00.000Z');
    expect(reasons).toEqual(expected);
  });

  it('by each of several, and looked at again when the last of them ends', () => {
    const silences = [
      buildSilence({ silence_id: 'short', ends_at: '2026-03-01T12:05:00Z' }),
      buildSilence({ silence_id: 'long', ends_at: '2026-03-01T12:08:00Z' }),
      buildSilence({ silence_id: 'other', matchers: [{ field: 'service', op: '=', value: 'x' }] }),
    ];
    expect(heldBy({ silences })).toEqual([['silence short', 'silence long'], '12:08']);
    expect(heldBy({ silences }, {}, '2026-03-01T12:06:00.000Z')).toEqual([
      ['silence long'],
      '12:08',
    ]);
  });

  it('in its maintenance, and looked at again at the end of it', () => {
    const maintenance = [buildMaintenance({ duration_minutes: 10 })];
    expect(heldBy({ maintenance })).toEqual([['maintenance patching'], '12:10']);
    expect(heldBy({ maintenance }, { service: 'billing' })).toEqual(NOBODY);
    expect(heldBy({ maintenance }, {}, '2026-03-01T12:10:00.000Z')).toEqual(NOBODY);
  });

  it.each<[string, Partial<Alert>, Partial<Inhibition>, string[]]>([
    ['of the same service', {}, {}, ['inhibition database-down']],
    ['of another service', { service: 'billing' }, {}, []],
    ['that the rule is not about', { rule_id: 'memory' }, {}, []],
    ['that is CRITICAL', { severity: 'CRITICAL' }, {}, []],
    [
      'that is CRITICAL, by a rule that says so',
      { severity: 'CRITICAL' },
      { holds_critical: true },
      ['inhibition database-down'],
    ],
    ['lacking both the field', {}, { equal: ['labels.zone'] }, ['inhibition database-down']],
    ['differing in one of the fields', {}, { equal: ['service', 'rule_id'] }, []],
  ])('by what it follows from: one %s', (_, alert, rule, expected) => {
    const inhibitions = [buildInhibition(rule)];
    expect(heldBy({ inhibitions, inhibitors: [DATABASE] }, alert)[0]).toEqual(expected);
    expect(heldBy({ inhibitions, inhibitors: [] }, alert)).toEqual(NOBODY);
  });

  it('never by itself, nor as the source that it is', () => {
    const any = [{ field: 'service', op: '=', value: 'checkout' } as const];
    const inhibitions = [buildInhibition({ source: any, target: any })];
    expect(heldBy({ inhibitions, inhibitors: [buildAlert()] })).toEqual(NOBODY);
    expect(heldBy({ inhibitions, inhibitors: [DATABASE] })).toEqual(NOBODY);
  });

  it('saying which version of what, for whoever asks why', () => {
    const rules = { ...NO_RESPONSE, silences: [buildSilence({ version: 7 })] };
    expect(suppress(buildAlert(), rules, BUILT_AT).trace).toEqual([
      { step: 'suppression', outcome: 'held_back', id: 'deploy', version: 7, detail: 'silence' },
    ]);
  });
});
