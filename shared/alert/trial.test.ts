import { describe, expect, it } from 'vitest';

import { sentenceOf } from '#shared/audit/sentence.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildPointer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildFinding, buildPolicy, buildRule } from '#shared/testing/build-finding.ts';

import type { Finding } from './finding.ts';
import { decideRaise, type Raised } from './raise.ts';
import type { Alert } from './schema.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) }, { actor: 'system:detect' });
const response = { ...NO_RESPONSE, policies: [buildPolicy()] };
const raise = (finding: Partial<Finding>, alert?: Alert): Raised =>
  decideRaise(
    alert ? { alert, pointer: buildPointer({ alert_id: alert.alert_id }) } : {},
    buildFinding(finding),
    response,
    ctx,
  );
const deliveries = ({ commit }: Raised) =>
  commit.changes.filter(({ kind }) => kind === 'delivery').length;
const said = ({ commit }: Raised) => commit.journal.map(sentenceOf);
const warming = raise({ warming: true });

describe('a finding of a series that is still warming', () => {
  it('opens an alert at INFO that names the reason and is told to nobody', () => {
    expect(warming.alert).toMatchObject({
      state: 'OPEN',
      severity: 'INFO',
      escalation_level: 0,
      suppressed_by: [{ reason: 'warming' }],
    });
    expect(warming.alert.policy_id).toBeUndefined();
    expect(deliveries(warming)).toBe(0);
    expect(warming.commit.outbox[0]!.envelope.payload.channels).toEqual([]);
    expect(said(warming)).toEqual(['Opened with severity INFO, told to nobody (warming)']);
  });

  it('is counted on, at INFO and in silence, while it goes on warming', () => {
    const more = raise({ warming: true, occurrences: 4 }, warming.alert);
    expect(more.alert).toMatchObject({
      count: 5,
      severity: 'INFO',
      suppressed_by: warming.alert.suppressed_by,
    });
    expect([deliveries(more), said(more)]).toEqual([0, []]);
  });

  it('is told at the severity of its rule, as if it opened then, with the first that is warm', () => {
    const warm = raise({}, warming.alert);
    expect(warm.kind).toBe('counted');
    expect(warm.alert).toMatchObject({
      alert_id: warming.alert.alert_id,
      severity: 'ERROR',
      suppressed_by: [],
      policy_id: 'default',
      escalation_level: 1,
    });
    expect(deliveries(warm)).toBe(4);
    expect(warm.commit.changes.some(({ kind }) => kind === 'timer')).toBe(true);
    expect(warm.commit.journal[0]!.after).toMatchObject({ severity: 'ERROR', suppressed_by: [] });
    expect(said(warm)).toEqual(['Its series has warmed up: people are told from now on']);
  });

  it('takes nothing back from an alert that people were told of', () => {
    const told = raise({}).alert;
    const more = raise({ warming: true }, told);
    expect(more.alert).toMatchObject({ severity: 'ERROR', suppressed_by: [] });
    expect(said(more)).toEqual([]);
  });

  it('of a staged rule is told to nobody before both trials are over', () => {
    const staged = buildRule({ state: 'STAGED' });
    const both = raise({ rule: staged, warming: true });
    expect(both.alert.suppressed_by).toEqual([{ reason: 'staging' }, { reason: 'warming' }]);
    const warm = raise({ rule: staged }, both.alert);
    expect(warm.alert).toMatchObject({ severity: 'ERROR', suppressed_by: [{ reason: 'staging' }] });
    expect([deliveries(warm), said(warm)]).toEqual([0, ['Still told to nobody (staging)']]);
    const live = raise({}, warm.alert);
    expect(live.alert.suppressed_by).toEqual([]);
    expect(deliveries(live)).toBe(4);
  });
});
