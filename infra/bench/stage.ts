import { readRulePack } from '#infra/rule-pack.ts';
import { collectSeries } from '#shared/detection/collect-series.ts';
import { readRecords, type StreamRecord } from '#shared/detection/read-records.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';

import { type BenchResult, quantile } from './result.ts';
import { sampleEvents } from './sample.ts';

const BATCH = 2_000;
const ROUNDS = 15;
const TENANCY = { default_tenant: 'default', signing_key: 'bench' };

/** CPU of each stage of the detector on the same fresh batches, beside the floor no handler can go below. */
export async function measureStages(): Promise<BenchResult> {
  const rules = compileRuleSet(readRulePack().map(checkRule));
  const sets = new Map([['default', rules]]);
  const samples: Record<'floor' | 'decode' | 'match', number[]> = {
    floor: [],
    decode: [],
    match: [],
  };
  for (let round = 0; round < ROUNDS + 3; round++) {
    const encoded = sampleEvents(BATCH, round).map((bytes) => bytes.toString('base64'));
    const floor = perEvent(() => {
      for (const data of encoded) JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
    });
    const decoding = timed(() => readRecords(encoded.map(recordOf), TENANCY));
    const matching = timed(() => collectSeries(decoding.result.events, sets));
    if (decoding.result.events.length !== BATCH) throw new Error('the sample does not decode');
    // The first rounds warm the compiler.
    if (round < 3) continue;
    samples.floor.push(floor);
    samples.decode.push(decoding.us);
    samples.match.push(matching.us);
  }
  const median = (stage: keyof typeof samples) => quantile(samples[stage], 0.5);
  const floor = median('floor');
  const ratio = (us: number) => `${(us / floor).toFixed(2)} × floor`;
  return {
    figures: [
      { name: 'floor: base64 + JSON.parse', value: floor, unit: 'µs/event' },
      {
        name: 'base64 + decode, check, normalise',
        value: median('decode'),
        unit: 'µs/event',
        note: ratio(median('decode')),
      },
      {
        name: `match ${rules.rules.size} rules`,
        value: median('match'),
        unit: 'µs/event',
        note: ratio(median('match')),
      },
      {
        name: 'whole, without commits',
        value: median('decode') + median('match'),
        unit: 'µs/event',
        note: ratio(median('decode') + median('match')),
      },
    ],
  };
}

function recordOf(data: string, at: number): StreamRecord {
  return {
    shard: 'shardId-000000000000',
    sequence: String(at).padStart(56, '0'),
    partition_key: 'bench',
    bytes: Buffer.from(data, 'base64'),
    arrived_at_ms: Date.now(),
  };
}

function timed<Result>(run: () => Result): { us: number; result: Result } {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { us: (user + system) / BATCH, result };
}

function perEvent(run: () => void): number {
  return timed(run).us;
}
