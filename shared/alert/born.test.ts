import { describe, expect, it } from 'vitest';

import { alertId } from '#shared/kernel/id.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, buildPointer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildFinding, buildPolicy, buildRule } from '#shared/testing/build-finding.ts';

import { countOccurrences, withOccurrences } from './count-occurrences.ts';
import { addEvidence, cutText } from './evidence.ts';
import { spanOf } from './finding.ts';
import { openAlert } from './open-alert.ts';

const clock = { now: Date.parse(BUILT_AT) + 60_000 };
const AT = new Date(clock.now).toISOString();
const ctx = buildContext(clock);
const response: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()] };
const minute = (n: number) => new Date(Date.parse(BUILT_AT) + n * 60_000).toISOString();

const rule = buildRule({
  version: 4,
  category: 'operational',
  labels: { team: 'payments' },
  runbook_url: 'https://wiki.example/{service}',
});
const finding = buildFinding({
  rule,
  events: [buildEvent(1, { timestamp: minute(-2) }), buildEvent(2, { timestamp: minute(-1) })],
  occurrences: 2,
  approximate: true,
});

describe('an alert that opens', () => {
  it('says everything that is known of it', () => {
    const { alert } = openAlert(undefined, finding, response, ctx);
    expect(alert).toMatchObject({
      alert_id: alertId('t1', 'cpu-high', '8:checkout', 1),
      tenant: 't1',
      rule_id: 'cpu-high',
      rule_version: 4,
      event_id: 'e-1',
      title: 'CPU of checkout is high',
      service: 'checkout',
      severity: 'ERROR',
      category: 'operational',
      labels: { team: 'payments' },
      runbook_url: 'https://wiki.example/checkout',
      group_key: '8:checkout',
      group: { service: 'checkout' },
      episode: 1,
      state: 'OPEN',
      created_at: AT,
      updated_at: AT,
      first_seen: minute(-2),
      last_seen: minute(-1),
      count: 2,
      count_approximate: true,
      suppressed_by: [],
      explain: finding.explain,
      fatigue_score: 0.2,
      policy_id: 'default',
      version: 1,
      revision: 1,
    });
    expect(alert.evidence.first.map(({ event_id }) => event_id)).toEqual(['e-1', 'e-2']);
  });

  it('says nothing of what its rule does not have, and names the source where no service is', () => {
    const bare = buildFinding({ events: [buildEvent(1, { service: undefined })] });
    const { alert } = openAlert(undefined, bare, response, ctx);
    for (const absent of ['category', 'runbook_url', 'count_approximate'])
      expect(alert).not.toHaveProperty(absent);
    expect(alert.service).toBe('agent');
  });

  it('has the pointer of its group lead to it, which keeps what was learned of the group', () => {
    const fatigue = { quick: 8, slow: 0 };
    const former = buildPointer({ state: 'RESOLVED', episode: 6, revision: 12, fatigue });
    const { alert, commit } = openAlert(former, finding, response, ctx);
    expect(alert).toMatchObject({ episode: 7, fatigue_score: 0.81 });
    expect(commit.changes.find(({ kind }) => kind === 'pointer')).toEqual({
      kind: 'pointer',
      expected: 12,
      row: {
        tenant: 't1',
        rule_id: 'cpu-high',
        group_key: '8:checkout',
        alert_id: alert.alert_id,
        episode: 7,
        state: 'OPEN',
        fatigue,
        revision: 13,
      },
    });
  });

  it('is told to the journal with the trace of who is told, and why', () => {
    const { commit } = openAlert(undefined, finding, response, ctx);
    const { action, after } = commit.journal[0]!;
    expect(action).toBe('alert.open');
    expect(after).toMatchObject({
      state: 'OPEN',
      severity: 'ERROR',
      title: 'CPU of checkout is high',
      episode: 1,
    });
    expect(after).not.toHaveProperty('suppressed_by');
    expect((after!.trace as unknown[]).length).toBeGreaterThan(0);
  });
});

describe('a finding that is counted', () => {
  const standing = buildAlert({ first_seen: minute(0), last_seen: minute(10), count: 5 });
  const counted = (from: number, to: number, fields = {}) =>
    withOccurrences(
      standing,
      buildFinding({
        rule,
        events: [
          buildEvent(7, { timestamp: minute(from) }),
          buildEvent(8, { timestamp: minute(to) }),
        ],
        ...fields,
      }),
      AT,
    );

  it('widens the span of the alert to either side, and never narrows it', () => {
    expect(counted(-5, 20)).toMatchObject({ first_seen: minute(-5), last_seen: minute(20) });
    expect(counted(3, 4)).toMatchObject({ first_seen: minute(0), last_seen: minute(10) });
  });

  it('says by which version, why, and by which events', () => {
    const explain = { ...finding.explain, observed: '7 of 8' };
    const next = counted(3, 4, { explain, occurrences: 3 });
    expect(next).toMatchObject({ rule_version: 4, updated_at: AT, count: 8, explain });
    expect(next).not.toHaveProperty('count_approximate');
    expect(counted(3, 4, { approximate: true }).count_approximate).toBe(true);
    expect(next.evidence.first.map(({ event_id }) => event_id)).toEqual(['e-1', 'e-7', 'e-8']);
  });

  it('has the span of all its events, whatever their order, from the earliest known on', () => {
    const events = [3, 9, 1, 4].map((n) => buildEvent(n, { timestamp: minute(n) }));
    expect(spanOf(buildFinding({ events }))).toEqual({
      first_seen: minute(1),
      last_seen: minute(9),
    });
    const since = { first_seen: minute(-7), last_seen: minute(9) };
    expect(spanOf(buildFinding({ events, since: minute(-7) }))).toEqual(since);
  });

  it('graver, of an alert that rules hold back, has that decided anew at once', () => {
    const held = (reason: string, severity: 'INFO' | 'ERROR') =>
      countOccurrences(
        {
          alert: buildAlert({ severity, suppressed_by: [{ reason, id: 's-1' }] }),
          deliveries: [],
          timers: [],
        },
        buildFinding(),
        response,
        ctx,
      ).commit.changes.filter(({ kind }) => kind === 'timer');
    expect(held('silence', 'INFO')).toMatchObject([
      { row: { kind: 'recheck', due_at: AT, revision: 1 }, expected: 0 },
    ]);
    expect(held('silence', 'ERROR')).toEqual([]);
    expect(
      held('staging', 'INFO').every(({ row }) => (row as { kind?: string }).kind !== 'recheck'),
    ).toBe(true);
  });
});

describe('evidence', () => {
  it('keeps what an event said, as it said it', () => {
    const event = buildEvent(1, { timestamp: minute(3) });
    expect(addEvidence({ first: [], last: [] }, [event]).first).toEqual([
      {
        event_id: 'e-1',
        timestamp: minute(3),
        source: 'agent',
        type: 'metric.cpu',
        severity: 'ERROR',
        service: 'checkout',
        payload_json: '{"n":1}',
      },
    ]);
  });

  it('keeps of an event that its producer’s clock was too far off, and of others nothing', () => {
    const events = [buildEvent(1, { clock_skewed: true }), buildEvent(2)];
    const { first } = addEvidence({ first: [], last: [] }, events);
    expect(first.map(({ clock_skewed }) => clock_skewed)).toEqual([true, undefined]);
  });

  it('of eleven events keeps the first five and the last five', () => {
    const events = Array.from({ length: 11 }, (_, n) => buildEvent(n));
    const { first, last } = addEvidence({ first: [], last: [] }, events);
    expect(first.map(({ event_id }) => event_id)).toEqual(['e-0', 'e-1', 'e-2', 'e-3', 'e-4']);
    expect(last.map(({ event_id }) => event_id)).toEqual(['e-6', 'e-7', 'e-8', 'e-9', 'e-10']);
  });

  it('cuts text only where it is longer than allowed', () => {
    expect(cutText('€'.repeat(4), 12)).toBe('€'.repeat(4));
    expect(cutText('€'.repeat(5), 12)).toBe(`${'€'.repeat(3)}…`);
    expect(cutText('abcdefghijkl', 12)).toBe('abcdefghijkl');
  });
});
