import { collectSeries } from '#shared/detection/collect-series.ts';
import { chunksOf } from '#shared/detection/commit-series.ts';
import { foldSeries } from '#shared/detection/fold.ts';
import { readRecords } from '#shared/detection/read-records.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { cpuOf } from './cpu.ts';
import { encodeInvocation, type Invocation, recordOf } from './invocation.ts';
import { type BenchResult, type Figure, quantile } from './result.ts';
import { patternsOf } from './rule-engines.ts';
import { ruleWorkload } from './rule-workload.ts';

const RULES = 1_000;
/** Lambda hands over at most 6 MB, base64 and envelope included. */
const INVOCATION_BYTES = 6_000_000;
const WARMING_ROUNDS = 8;
const ROUNDS = 30;
const TENANCY = { default_tenant: 'default', signing_key: 'bench' };

/**
 * The whole detector on 6 MB invocations: from the invocation's text through decoding, validation and
 * matching of 1,000 rules to folded series, as a ratio to the floor in the same round: JSON.parse of
 * the invocation, base64 and JSON.parse of each record. Storing is not in it: it is waiting.
 */
export async function measureDetector(
  log: (line: string) => void,
  seed: number,
): Promise<BenchResult> {
  const workload = ruleWorkload(seed, RULES);
  const patterns = patternsOf(workload.rules);
  const set = compileRuleSet(
    [...patterns].map(([rule_id, pattern], at) =>
      buildRule({
        rule_id,
        pattern: pattern as Record<string, unknown>,
        title: rule_id,
        detector:
          at % 2 === 0
            ? { kind: 'match' }
            : {
                kind: 'threshold',
                aggregate: 'count',
                window_seconds: 300,
                operator: '>=',
                threshold: 5,
                min_events: 1,
              },
      }),
    ),
  );
  const sets = new Map([['default', set]]);
  const figures: Figure[] = [];
  for (const eventsPerRecord of [1, 100]) {
    const samples: Record<'floor' | 'read' | 'whole', number[]> = {
      floor: [],
      read: [],
      whole: [],
    };
    let folded = 0;
    let held = 0;
    for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
      const events = workload.events(eventsPerRecord === 1 ? 4_600 : 7_300).map(stampNow);
      const text = encodeInvocation(events, eventsPerRecord, round);
      if (Math.abs(text.length / INVOCATION_BYTES - 1) > 0.1)
        throw new Error(`the invocation is ${text.length} bytes`);
      held = events.length;
      const runs = {
        floor: () => {
          for (const { kinesis } of (JSON.parse(text) as Invocation).Records)
            JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
        },
        read: () => readRecords((JSON.parse(text) as Invocation).Records.map(recordOf), TENANCY),
        whole: () => {
          const { Records } = JSON.parse(text) as Invocation;
          const { work } = collectSeries(readRecords(Records.map(recordOf), TENANCY).events, sets);
          folded = 0;
          for (const one of work)
            for (const { points, fence } of chunksOf(one))
              folded += foldSeries({
                tenant: one.tenant,
                series_key: one.series_key,
                rule: one.compiled,
                series: undefined,
                seen: [],
                shard: one.shard,
                points,
                fence,
                touched_at: '2026-01-01T00:00:00.000Z',
              }).folded;
        },
      };
      for (const [name, run] of Object.entries(runs)) {
        const us = await cpuOf(run);
        if (round >= 0) samples[name as keyof typeof runs].push(us / held);
      }
    }
    log(`${held} events, ${eventsPerRecord} a record: ${folded} points folded`);
    const ratio = (name: 'read' | 'whole') =>
      quantile(
        samples[name].map((us, at) => us / samples.floor[at]!),
        0.5,
      );
    const shape = `${eventsPerRecord}/record`;
    const us = (name: keyof typeof samples) =>
      `${quantile(samples[name], 0.5).toPrecision(3)} µs/event`;
    figures.push(
      { name: `${shape} floor`, value: 1, unit: '× floor', note: us('floor') },
      { name: `${shape} read`, value: ratio('read'), unit: '× floor', note: us('read') },
      {
        name: `${shape} whole detector, 1,000 rules`,
        value: ratio('whole'),
        unit: '× floor',
        note: `${us('whole')}; goal 1.3, never above 1.6`,
      },
    );
  }
  return { figures };
}

/** Events of the workload are of one fixed day; a producer's are of now. */
function stampNow(text: string, at: number): Buffer {
  const event = JSON.parse(text) as { timestamp: string };
  event.timestamp = new Date(Date.now() - (at % 1_000)).toISOString();
  return Buffer.from(JSON.stringify(event));
}
