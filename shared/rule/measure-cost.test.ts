import { describe, expect, it } from 'vitest';

import { EventRecord } from '#shared/event/schema.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { costSample } from './cost-sample.ts';
import { isRuleIndexed, measureCost } from './measure-cost.ts';

/** A stopwatch whose looks are so many nanoseconds apart, the last for ever. */
function ticking(...steps: number[]) {
  let now = 0;
  return () => (now += (steps.length > 1 ? steps.shift() : steps[0])!);
}

describe('the cost of a rule', () => {
  it('is the median of the rounds after the warm-up, for each event of the sample', () => {
    const warming = Array.from({ length: 13 }, () => 1_000_000);
    expect(measureCost(buildRule(), ticking(...warming, 30_000))!.cost_ns).toBe(150);
  });

  it('is measured in no more rounds than the time for it allows', () => {
    let looks = 0;
    const slow = () => ++looks * 30_000_000;
    expect(measureCost(buildRule(), slow)).toMatchObject({ cost_ns: 150_000 });
    expect(looks).toBe(5);
  });

  it('is measured whatever the state, and never for a rule that does not compile', () => {
    const cost = { cost_ns: 5, indexed: true };
    expect(measureCost(buildRule({ state: 'DRAFT' }), ticking(1_000))).toEqual(cost);
    expect(measureCost(buildRule({ pattern: { type: 1 } }), ticking(1_000))).toBeUndefined();
  });

  it('stands on 200 valid events, the same each time', () => {
    const sample = costSample();
    expect(sample).toHaveLength(200);
    for (const event of sample) expect(EventRecord.safeParse(event).error).toBeUndefined();
    expect(costSample()).toEqual(sample);
  });
});

describe('a rule is indexed', () => {
  const INDEXED: readonly (readonly [indexed: boolean, pattern: Record<string, unknown>])[] = [
    [true, { type: ['a', 'b'] }],
    [true, { payload: { user: [{ exists: true }] } }],
    [true, { payload: { path: [{ regex: '/admin/\\d+' }] } }],
    [true, { payload: { path: [{ regex: 'error|panic' }] } }],
    [true, { payload: { size: [{ numeric: ['>', 5] }] }, service: [{ 'anything-but': 'x' }] }],
    [true, { $or: [{ type: ['a'] }, { payload: { ip: [{ cidr: '10.0.0.0/8' }] } }] }],
    [false, { payload: { user: [{ exists: false }] } }],
    [false, { type: [{ 'anything-but': ['a'] }] }],
    [false, { payload: { path: [{ regex: '[a-z]+\\d' }] } }],
    [false, { payload: { path: [{ wildcard: '*' }] } }],
    [false, { type: ['a', { 'anything-but': 'b' }] }],
    [false, { $or: [{ type: ['a'] }, { payload: { user: [{ exists: false }] } }] }],
    [false, { payload: { user: ['x', { exists: false }] } }],
  ];
  it.each(INDEXED)('%s: %j', (indexed, pattern) => {
    expect(isRuleIndexed(buildRule({ pattern }))).toBe(indexed);
  });
});
