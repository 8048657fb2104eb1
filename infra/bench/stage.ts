import { detect } from '#functions/detect/detect.ts';
import { readRulePack } from '#infra/rule-pack.ts';
import { collectSeries } from '#shared/detection/collect-series.ts';
import { readRecords } from '#shared/detection/read-records.ts';
import { nestsDeeper } from '#shared/event/json-depth.ts';
import { normaliseEvent } from '#shared/event/normalise.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { createDetectHarness } from '#shared/testing/detect-harness.ts';

import { cpuOf } from './cpu.ts';
import { encodeInvocation, type Invocation, recordOf } from './invocation.ts';
import { type BenchResult, type Figure, quantile } from './result.ts';
import { sampleEvents } from './sample.ts';

/** About 6 MB of records as Lambda hands them over, the largest invocation there is. */
const BATCH = 4_500;
const WARMING_ROUNDS = 5;
const ROUNDS = 25;
const TENANCY = { default_tenant: 'default', signing_key: 'bench' };

/** What is measured, in the order it is shown; a dot: within the one before it. */
const STAGES = {
  floor: 'floor: base64 + JSON.parse',
  envelope: 'JSON.parse of the invocation around it',
  decode: 'read records: base64, decode, normalise',
  checks: '· of it: depth',
  parse: '· of it: to text and JSON.parse',
  normalise: '· of it: normalise',
  collect: 'match and group',
  match: '· of it: match',
  handler: 'detect() over memory stores',
} as const;
type Stage = keyof typeof STAGES;
type Samples = Record<Stage, number[]>;

/** CPU of each stage of the detector on the same fresh batches, beside the floor no handler can go below. */
export async function measureStages(): Promise<BenchResult> {
  const figures: Figure[] = [];
  for (const eventsPerRecord of [1, 25]) {
    const samples = await sampleStages(eventsPerRecord);
    figures.push(...figuresOf(samples, `${eventsPerRecord}/record`));
  }
  return { figures };
}

async function sampleStages(eventsPerRecord: number): Promise<Samples> {
  const pack = readRulePack().map(checkRule);
  const rules = compileRuleSet(pack);
  const sets = new Map([['default', rules]]);
  const handler = createHandler(pack);
  const samples = Object.fromEntries(
    Object.keys(STAGES).map((stage) => [stage, [] as number[]]),
  ) as Samples;
  for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
    const text = encodeInvocation(sampleEvents(BATCH, round), eventsPerRecord, round);
    const invocation = JSON.parse(text) as Invocation;
    const encoded = invocation.Records.map(({ kinesis }) => kinesis.data);
    const records = invocation.Records.map(recordOf);
    const texts = records.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
    const values = texts.map((json) => JSON.parse(json) as unknown);
    const parsed = values.flat();
    const arrival = { tenant: 'default', arrived_at_ms: records[0]!.arrived_at_ms };
    const fresh = () => readRecords(records, TENANCY).events;
    // V8 keeps the hash of a string once taken, so that nothing is matched twice.
    const [toMatch, toCollect] = [fresh(), fresh()];
    if (toMatch.length !== BATCH) throw new Error('the sample does not decode');
    const runs: Record<Stage, () => unknown> = {
      floor: () => {
        for (const data of encoded) JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
      },
      envelope: () => JSON.parse(text),
      decode: () => readRecords(invocation.Records.map(recordOf), TENANCY),
      checks: () =>
        parsed.filter((value) => nestsDeeper((value as { payload: unknown }).payload, 31)),
      parse: () => {
        for (const { bytes } of records) JSON.parse((bytes as Buffer).toString('utf8'));
      },
      normalise: () => parsed.map((value) => normaliseEvent(value, arrival)),
      collect: () => collectSeries(toCollect, sets),
      match: () => {
        for (const { event } of toMatch) rules.match(event);
      },
      handler: () => handler(invocation),
    };
    for (const stage of Object.keys(STAGES) as Stage[]) {
      const us = (await cpuOf(runs[stage])) / BATCH;
      if (round >= 0) samples[stage].push(us);
    }
  }
  return samples;
}

function figuresOf(samples: Samples, shape: string): Figure[] {
  const median = (stage: Stage) => quantile(samples[stage], 0.5);
  const floor = median('floor');
  const figure = (name: string, value: number, of = floor, note = 'floor'): Figure => ({
    name: `${shape} ${name}`,
    value,
    unit: 'µs/event',
    note: `${(value / of).toFixed(2)} × ${note}`,
  });
  const stages = Object.entries(STAGES) as [Stage, string][];
  const envelope = median('envelope');
  return [
    ...stages.map(([stage, name]) => figure(name, median(stage))),
    figure('whole, without commits', median('decode') + median('collect')),
    figure(
      'whole, from the invocation on',
      envelope + median('decode') + median('collect'),
      envelope + floor,
      'floor with invocation',
    ),
  ];
}

/** The detect function over memory stores that keep their rows from batch to batch. */
function createHandler(rules: Parameters<typeof createDetectHarness>[0]) {
  const { ports, clock } = createDetectHarness(rules);
  const whole = {
    ...ports,
    signingKey: async () => TENANCY.signing_key,
    default_tenant: TENANCY.default_tenant,
    metrics: { addMetric: () => {} },
  };
  return (invocation: Invocation) => {
    clock.now = Date.now();
    return detect(invocation, whole, buildContext(clock, { actor: 'system:detect' }));
  };
}
