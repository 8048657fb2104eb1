import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import { GROUP_RULE_ID } from '#shared/grouping/group-of.ts';
import { buildAlert } from '#shared/testing/build-alert.ts';

import { ESCALATION_RULE_ID } from './escalation-alert.ts';
import { turnOf } from './turn.ts';

const of = { incident_id: 'i' };
const held = { suppressed_by: [{ reason: 'silence', id: 's' }] };
const escalation = { rule_id: ESCALATION_RULE_ID, ...of };
const alone = { rule_id: ESCALATION_RULE_ID };
const ACK = { state: 'ACK' } as const;
const RESOLVED = { state: 'RESOLVED' } as const;

type Fields = Partial<Alert>;
const CASES: [string, Fields | undefined, Fields, string | undefined][] = [
  ['a new alert arrives', undefined, {}, 'arrives'],
  ['a new alert that is held back does not', undefined, held, undefined],
  ['one that is held back no longer arrives', held, {}, 'arrives'],
  ['one of an incident that is held back no longer was there', { ...held, ...of }, of, undefined],
  ['an occurrence means nothing', of, { ...of, count: 2 }, undefined],
  ['an occurrence of an alert of none means nothing', {}, { count: 2 }, undefined],
  ['a graver alert of none arrives', {}, { severity: 'CRITICAL' }, 'arrives'],
  ['a graver alert of one makes that graver', of, { ...of, severity: 'CRITICAL' }, 'graver'],
  ['the first acknowledgement counts', of, { ...of, ...ACK }, 'acknowledged'],
  ['an assignment does not', { ...of, ...ACK }, { ...of, ...ACK, assigned_to: 'a' }, undefined],
  ['one acknowledged of none does not', {}, ACK, undefined],
  ['one resolved leaves one less', of, { ...of, ...RESOLVED }, 'resolved'],
  ['held back or not', { ...of, ...held }, { ...of, ...held, ...RESOLVED }, 'resolved'],
  ['one resolved of none does not', {}, RESOLVED, undefined],
  ['what is resolved stays so', { ...of, ...RESOLVED }, { ...of, ...RESOLVED }, undefined],
  ['one that comes back arrives', { ...of, ...RESOLVED }, of, 'arrives'],
  ['held back it leaves', { ...of, ...RESOLVED }, { ...of, ...held }, 'leaves'],
  ['one of none that comes back held back stays so', RESOLVED, held, undefined],
  ['the alert of a group has no incident', undefined, { rule_id: GROUP_RULE_ID }, undefined],
  ['an escalation alert of none', alone, { ...alone, ...ACK }, undefined],
  ['an escalation alert never arrives', undefined, escalation, undefined],
  ['it is acknowledged', escalation, { ...escalation, ...ACK }, 'acknowledged'],
  ['its resolve closes nothing', escalation, { ...escalation, ...RESOLVED }, undefined],
  [
    'nor does it make anything graver',
    escalation,
    { ...escalation, severity: 'CRITICAL' },
    undefined,
  ],
];

describe('what a change of an alert means for incidents', () => {
  it.each(CASES)('%s', (_name, former, alert, turn) => {
    expect(turnOf(former && buildAlert(former), buildAlert(alert))).toBe(turn);
  });
});
