import { readRulePack } from '#infra/rule-pack.ts';
import { CLOUDTRAIL_SOURCES } from '#infra/rules/cloudtrail-sources.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { alone, asOftenAsCounted, firedRules, readCorpus } from './labelled-corpus.ts';
import type { LabelledRule } from './labelled-corpus.ts';
import type { BenchResult, Figure } from './result.ts';

/** One labelled event and what the rule that answers to it made of it. */
interface Verdict {
  rule_id: string;
  source: string;
  event: string;
  expected: 'fires' | 'quiet';
  right: boolean;
  mocks: boolean;
}

/** A benign event of one rule that opened an alert of others. */
interface CrossFire {
  event: string;
  fired: string[];
}

interface LabelledResult extends BenchResult {
  wrong: Verdict[];
  cross_fire: CrossFire[];
}

/**
 * The CloudTrail pack against the labels of the corpus in `folder`: does each rule open an alert exactly
 * on the events that its source is said to fire on? Events whose label rests on mocks are told apart.
 * And every benign event against the whole pack. Throws when the two ways in disagree.
 */
export async function measureLabelled(
  log: (line: string) => void,
  folder: string,
): Promise<LabelledResult> {
  const pack = readRulePack('cloudtrail').map(checkRule);
  const corpus = readCorpus(folder);
  const byId = new Map(corpus.map((source) => [source.rule_id, source]));
  const verdicts: Verdict[] = [];
  const crossFire: CrossFire[] = [];
  const loud = new Set(pack.filter(({ severity }) => severity !== 'INFO').map((r) => r.rule_id));
  const isLoud = ({ fired }: CrossFire) => fired.some((rule_id) => loud.has(rule_id));
  let benign = 0;
  for (const rule of pack) {
    const source = byId.get(CLOUDTRAIL_SOURCES[rule.rule_id] ?? '');
    if (source === undefined) continue;
    verdicts.push(...(await judge(rule, source)));
    for (const { name, expected, event } of source.tests) {
      if (expected || event === null) continue;
      benign++;
      const fired = agreed(await firedRules(pack, event, alone), name);
      if (fired.length > 0) crossFire.push({ event: `${source.rule_id}: ${name}`, fired });
    }
  }
  const counted = verdicts.filter(({ mocks }) => !mocks);
  const wrong = verdicts.filter(({ right }) => !right);
  for (const one of wrong)
    log(
      `wrong${one.mocks ? ' (mocks, not counted)' : ''}: ${one.rule_id} on "${one.event}" of ${one.source}, which ${one.expected === 'fires' ? 'should fire' : 'should stay quiet'}`,
    );
  for (const { event, fired } of crossFire) log(`also fired: ${fired.join(', ')} on "${event}"`);
  const rules = new Set(verdicts.map(({ rule_id }) => rule_id)).size;
  const available = corpus.filter(({ log_types }) => log_types?.join() === 'AWS.CloudTrail').length;
  return {
    figures: [
      figure('rules of the pack', pack.length, 'rules', `${rules} with labels`),
      figure('CloudTrail rules of the corpus covered', rules, 'rules', `of ${available}`),
      ...shares(counted),
      figure(
        'events whose label rests on mocks, right',
        verdicts.filter(({ mocks, right }) => mocks && right).length,
        'events',
        `of ${verdicts.length - counted.length}, not counted above`,
      ),
      crossFigure('benign events that fire any rule of the pack', crossFire, benign),
      crossFigure('· that fire a rule of WARN or above', crossFire.filter(isLoud), benign),
    ],
    wrong,
    cross_fire: crossFire,
  };
}

async function judge(rule: DetectionRule, source: LabelledRule): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { name, expected, mocks, event } of source.tests) {
    if (event === null) continue;
    const fired = agreed(await firedRules([rule], event, asOftenAsCounted(rule)), name);
    verdicts.push({
      rule_id: rule.rule_id,
      source: source.rule_id,
      event: name,
      expected: expected ? 'fires' : 'quiet',
      right: fired.length > 0 === expected,
      mocks,
    });
  }
  return verdicts;
}

function crossFigure(name: string, fired: readonly CrossFire[], benign: number): Figure {
  const note = `${fired.length} of ${benign}; benign for one rule may be another's business`;
  return figure(name, percent(fired.length, benign), '%', note);
}

function agreed(byWay: readonly string[][], event: string): string[] {
  const [first, ...others] = byWay.map((fired) => [...new Set(fired)].sort());
  for (const other of others)
    if (other.join() !== first!.join())
      throw new Error(`"${event}" fires [${first!.join()}] as a record, [${other.join()}] wrapped`);
  return first!;
}

function shares(verdicts: readonly Verdict[]): Figure[] {
  const right = verdicts.filter((one) => one.right).length;
  const benign = verdicts.filter(({ expected }) => expected === 'quiet');
  const fired = benign.filter((one) => !one.right).length;
  return [
    figure('right verdicts', percent(right, verdicts.length), '%', of(right, verdicts, '≥ 95 %')),
    figure('benign events fired', percent(fired, benign.length), '%', of(fired, benign, '≤ 5 %')),
  ];
}

function of(part: number, all: readonly unknown[], goal: string): string {
  return `${part} of ${all.length}; goal ${goal}`;
}

function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}

function figure(name: string, value: number, unit: string, note: string): Figure {
  return { name, value, unit, note };
}
