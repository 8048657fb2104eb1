import { expect, it } from 'vitest';

import { buildEntry } from '#shared/testing/build-alert.ts';

import { entryLines } from './entry-lines.ts';
import type { ExplainOutcome } from './schema.ts';
import { traceLines } from './trace-lines.ts';

const AT = '2026-03-01T12:00:00.000Z';

it.each<[string, string, ExplainOutcome]>([
  ['suppression', 'held_back', 'held_back'],
  ['suppression', 'lifted', 'released'],
  ['policy', 'chosen', 'policy_chosen'],
  ['policy', 'followed', 'policy_chosen'],
  ['policy', 'none_matches', 'no_policy'],
  ['policy', 'told_again', 'told_again'],
  ['schedule', 'on_call', 'on_call'],
  ['schedule', 'nobody_on_call', 'nobody_on_call'],
  ['schedule', 'gone', 'schedule_gone'],
  ['escalation_step', 'told', 'told'],
  ['escalation_step', 'fell_back_to_secondary', 'fell_back_to_secondary'],
  ['escalation_step', 'reached_nobody', 'reached_nobody'],
  ['escalation_step', 'too_many_targets', 'too_many_targets'],
  ['escalation_step', 'exhausted', 'policy_exhausted'],
  ['tomorrow', 'unheard_of', 'noted'],
])('the decision %s %s reads as %s, with the id it names', (step, outcome, expected) => {
  const [line, ...rest] = traceLines([{ step, outcome, id: 'the-id', version: 4 }], AT);
  expect([line!.outcome, line!.at, rest]).toEqual([expected, AT, []]);
  if (!['released', 'no_policy', 'too_many_targets'].includes(expected))
    expect(Object.values(line!.ids)).toContain('the-id');
});

it('a decision that names nothing names nothing', () => {
  const [line] = traceLines([{ step: 'policy', outcome: 'told_again' }], AT);
  expect([line!.sentence, line!.ids]).toEqual(['Those told before are told again', {}]);
});

it.each<[string, ExplainOutcome]>([
  ['alert.reopen', 'reopened'],
  ['alert.severity_changed', 'severity_changed'],
  ['alert.unsuppress', 'released'],
  ['alert.acknowledge', 'acknowledged'],
  ['alert.acknowledge_in_part', 'acknowledged_in_part'],
  ['alert.unacknowledge', 'acknowledgement_ended'],
  ['alert.ack_timeout', 'acknowledgement_ended'],
  ['alert.resolve', 'resolved'],
  ['alert.assign', 'assigned'],
  ['notification.sent', 'delivered'],
  ['notification.failed', 'delivery_failed'],
  ['notification.dead', 'delivery_dead'],
  ['notification.redriven', 'redriven'],
  ['alert.something_new', 'noted'],
])('the journal entry %s reads as %s, before what it decided', (action, expected) => {
  const trace = [{ step: 'policy', outcome: 'none_matches' }];
  const lines = entryLines(buildEntry({ action, after: { trace } }));
  expect(lines.map(({ outcome }) => outcome)).toEqual([expected, 'no_policy']);
});

it('what held an alert back before decisions were traced is taken from what it was held back by', () => {
  const suppressed_by = [{ reason: 'silence', id: 'deploy' }, { reason: 'staging' }];
  for (const action of ['alert.open', 'alert.suppress'])
    expect(
      entryLines(buildEntry({ action, after: { suppressed_by } }))
        .filter(({ kind }) => kind === 'suppression')
        .map(({ outcome, ids }) => [outcome, ids['id']]),
    ).toEqual([
      ['silenced', 'deploy'],
      ['staged', undefined],
    ]);
});
