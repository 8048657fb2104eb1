import { describe, expect, it } from 'vitest';

import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';

import { decide } from './decide.ts';
import type { Delivery } from './schema.ts';

const NOW = Date.parse(BUILT_AT);
const LATER = '2026-03-01T12:00:30.000Z';
const STATES = { O: 'OPEN', A: 'ACK', R: 'RESOLVED' } as const;

function words(fields: Partial<Delivery>, state: keyof typeof STATES, holder?: string): string {
  const alert = buildAlert({ state: STATES[state] });
  const decision = decide(buildDelivery(fields), alert, NOW, holder);
  if (decision.kind === 'send') return `send ${decision.intent}`;
  return 'reason' in decision ? `${decision.kind}: ${decision.reason}` : decision.kind;
}

describe('decide', () => {
  it.each<[string, Partial<Delivery>, keyof typeof STATES, string]>([
    ['first trigger', { desired: 'trigger' }, 'O', 'send trigger'],
    ['late, acknowledged', { desired: 'trigger' }, 'A', 'not_needed: acknowledged'],
    ['late, resolved', { desired: 'trigger' }, 'R', 'not_needed: resolved'],
    ['told already', { desired: 'trigger', sent: 'trigger' }, 'O', 'already_sent'],
    ['told already, acknowledged', { desired: 'trigger', sent: 'trigger' }, 'A', 'already_sent'],
    ['acknowledge', { desired: 'acknowledge', sent: 'trigger' }, 'A', 'send acknowledge'],
    ['acknowledge of the unknown', { desired: 'acknowledge' }, 'A', 'not_needed: never triggered'],
    [
      'acknowledge, resolved by now',
      { desired: 'acknowledge', sent: 'trigger' },
      'R',
      'not_needed: resolved',
    ],
    [
      'acknowledge of a resolved incident',
      { desired: 'acknowledge', sent: 'resolve' },
      'A',
      'not_needed: never triggered',
    ],
    ['resolve', { desired: 'resolve', sent: 'acknowledge' }, 'R', 'send resolve'],
    ['resolve of the unknown', { desired: 'resolve' }, 'R', 'not_needed: never triggered'],
    ['resolve after an attempt', { desired: 'resolve', tried: 'trigger' }, 'R', 'send resolve'],
    [
      'resolve again after a crash in it',
      { desired: 'resolve', sent: 'trigger', tried: 'resolve' },
      'R',
      'send resolve',
    ],
    [
      'resolve, reopened by now',
      { desired: 'resolve', sent: 'trigger' },
      'O',
      'not_needed: reopened',
    ],
    ['reopened', { desired: 'trigger', sent: 'resolve' }, 'O', 'send trigger'],
    [
      'unacknowledged after a crash in the acknowledge',
      { desired: 'trigger', sent: 'trigger', tried: 'acknowledge' },
      'O',
      'send trigger',
    ],
    ['dead', { status: 'DEAD' }, 'O', 'nothing: dead'],
    ['nothing owed', { next_attempt_at: undefined }, 'O', 'nothing: nothing owed'],
    ['not due', { next_attempt_at: LATER }, 'O', 'wait: not due'],
    ['held by another', { lease_owner: 'b', lease_until: LATER }, 'O', 'wait: leased'],
    ['lease ran out', { lease_owner: 'b', lease_until: BUILT_AT }, 'O', 'send trigger'],
  ])('%s', (_name, fields, state, expected) => {
    expect(words(fields, state)).toBe(expected);
  });

  it('its own lease does not stop its holder', () => {
    const held = { lease_owner: 'a', lease_until: LATER, next_attempt_at: LATER, tried: 'trigger' };
    expect(words(held as Partial<Delivery>, 'O', 'a')).toBe('send trigger');
    expect(words(held as Partial<Delivery>, 'R', 'a')).toBe('not_needed: resolved');
  });
});
