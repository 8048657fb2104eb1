import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { buildRule } from '#shared/testing/build-rule.ts';

import { checkRule } from './check-rule.ts';
import { tryRule } from './try-rule.ts';

const NOW = Date.parse('2026-05-01T08:00:00.000Z');
const hot = { source: 'a', type: 'metric.cpu', service: 'shop', payload: { value_percent: 97 } };
const mild = { ...hot, payload: { value_percent: 20 } };
const verdicts = (rule: ReturnType<typeof buildRule>, ...batches: unknown[][]) =>
  tryRule(
    rule,
    batches.map((events) => ({ events })),
    NOW,
  );

describe('tryRule', () => {
  it('says of each batch whether the rule fires, for whom and why', () => {
    const [fires, quiet] = verdicts(buildRule(), [hot, mild], [mild]);
    expect(fires).toMatchObject({
      name: 'batch 1',
      verdict: 'fires',
      events: 2,
      rejects: [],
      groups: [
        {
          group: { service: 'shop' },
          matched: 1,
          occurrences: 1,
          title: 'CPU of shop is 97 %',
          explanation: { detector: 'match', values: { 'payload.value_percent': '97' } },
        },
      ],
    });
    expect(quiet).toMatchObject({ verdict: 'quiet', groups: [] });
    expect(quiet!.detail).toBe('the pattern selects 0 of 1 events; no group fired');
  });

  it('says what the detector left out and why, so that a misread field is seen', () => {
    const average = {
      kind: 'threshold' as const,
      aggregate: 'avg' as const,
      field: 'payload.ms',
      window_seconds: 60,
      operator: '>=' as const,
      threshold: 5,
      min_events: 1,
    };
    const slow = (ms?: unknown) => ({ ...hot, payload: { value_percent: 97, ms } });
    const rule = buildRule({ detector: average });
    const [quiet] = verdicts(rule, [slow('8'), slow('9'), slow()]);
    expect(quiet!.groups[0]!.skipped).toEqual({
      'payload.ms is not a number': 2,
      'no value at payload.ms': 1,
    });
    expect(quiet!.detail).toBe(
      'the pattern selects 3 of 3 events; no group fired; left out: payload.ms is not a number (2), no value at payload.ms (1)',
    );
    expect(verdicts(rule, [slow(4)])[0]!.groups[0]).not.toHaveProperty('skipped');
  });

  it('fires in every state, and holds the verdict against what the author expects', () => {
    const batches = [
      { name: 'hot', expect: 'fires' as const, events: [hot] },
      { name: 'mild', expect: 'fires' as const, events: [mild] },
    ];
    const items = tryRule(buildRule({ state: 'DRAFT' }), batches, NOW);
    expect(items.map(({ name, passed }) => [name, passed])).toEqual([
      ['hot', true],
      ['mild', false],
    ]);
  });

  it.each<[string, unknown]>([
    ['a native event', hot],
    ['the text of a record', JSON.stringify(hot)],
    ['NDJSON', `${JSON.stringify(mild)}\n${JSON.stringify(hot)}`],
    ['an array', [mild, hot]],
    [
      'a CloudEvent',
      { specversion: '1.0', id: '1', source: 'a', type: 'metric.cpu', data: { value_percent: 97 } },
    ],
    [
      'an EventBridge envelope',
      {
        version: '0',
        id: '1',
        'detail-type': 'metric.cpu',
        source: 'a',
        account: '1',
        region: 'us-east-1',
        time: '2026-05-01T07:00:00Z',
        resources: [],
        detail: { value_percent: 97 },
      },
    ],
  ])('reads %s as production does', (_form, event) => {
    expect(verdicts(buildRule(), [event])[0]).toMatchObject({ verdict: 'fires', rejects: [] });
  });

  it('keeps the distances of old, future and relative times', () => {
    const rule = checkRule({
      ...buildRule(),
      detector: { kind: 'threshold', aggregate: 'count', window_seconds: 60, threshold: 3 },
    });
    const at = (...times: string[]) => times.map((timestamp) => ({ ...hot, timestamp }));
    const items = verdicts(
      rule,
      at('+0', '+20', '+40'),
      at('+0', '+100', '+200'),
      at('2019-01-01T00:00:00Z', '2019-01-01T00:00:20Z', '2019-01-01T00:00:40Z'),
      at('2019-01-01T00:00:00Z', '2019-01-01T01:00:20Z', '2019-01-01T02:00:40Z'),
      at('2031-01-01T00:00:00Z', '2031-01-01T00:00:20Z', '2031-01-01T00:00:40Z'),
    );
    expect(items.map(({ verdict }) => verdict)).toEqual([
      'fires',
      'quiet',
      'fires',
      'quiet',
      'fires',
    ]);
    expect(items[0]!.groups[0]!.explanation).toMatchObject({ detector: 'threshold' });
  });

  it('counts once what production counts once: one id, or no id and the same words', () => {
    const rule = buildRule({
      detector: checkRule({
        ...buildRule(),
        detector: { kind: 'threshold', aggregate: 'count', window_seconds: 60, threshold: 2 },
      }).detector,
    });
    const named = { ...hot, event_id: 'e-1' };
    const other = { ...hot, event_id: 'e-2' };
    const items = verdicts(rule, [named, named], [hot, hot], [named, other]);
    expect(items.map(({ verdict }) => verdict)).toEqual(['quiet', 'quiet', 'fires']);
    expect(items[0]!.groups).toMatchObject([{ matched: 2, duplicates: 1 }]);
  });

  it('names the events that cannot be read; a batch of nothing else is a fault', () => {
    const [some, none] = verdicts(buildRule(), [hot, { type: 1 }], [null, 'torn {', 7]);
    expect(some).toMatchObject({ verdict: 'fires', rejects: [{ index: 1 }] });
    expect(none).toMatchObject({ verdict: 'fault', events: 0 });
    expect(none!.rejects.map(({ index }) => index)).toEqual([0, 1, 2]);
    const binary = gzipSync(JSON.stringify(hot)).toString('latin1');
    expect(verdicts(buildRule(), [binary])[0]).toMatchObject({ verdict: 'fault' });
  });

  it('never throws on a rule that breaks', () => {
    const broken = buildRule({ pattern: { payload: { s: [{ prefix: 1 }] } } });
    expect(verdicts(broken, [hot])[0]).toMatchObject({ verdict: 'fault', groups: [] });
  });
});
