import type { Explanation } from '#shared/alert/schema.ts';
import { numberWords } from '#shared/detection/words.ts';

import type { LearnedConfig } from './config.ts';
import { COUNTER } from './counter.ts';
import type { Judgement } from './judge.ts';
import type { Figures } from './state.ts';
import type { Tuning } from './tuning.ts';

/** When it fires: `payload.latency_ms unlike its own past, score ≥ 6`. */
export function describeLearned({ field, direction, threshold }: LearnedConfig): string {
  const way = direction === 'both' ? 'unlike its own past' : `unusually ${WAYS[direction]}`;
  return `${field} ${way}, score ≥ ${threshold}`;
}

const WAYS = { above: 'high', below: 'low' } as const;

/** The finding in plain numbers: what was usual at this time, what came, and which tails it stands in. */
export function explainAnomaly(
  config: LearnedConfig,
  figures: Figures,
  value: number,
  { score, strength, novelty }: Judgement,
  tuning: Tuning,
): Explanation {
  const unit = unitOf(config, figures);
  const expected = numberWords(strength.expected);
  const observed = numberWords(value);
  const tails = {
    hour: novelty.hour,
    record: novelty.record,
    unrest: novelty.unrest,
    drift: novelty.drift,
  };
  return {
    detector: 'learned',
    summary: `${observed}${unit} where about ${expected}${unit} is usual, score ${score.toFixed(1)} of ${numberWords(config.threshold)}`,
    expected: `about ${expected}${unit} ± ${numberWords(strength.spread)}`,
    observed: `${observed}${unit}`,
    score,
    window_seconds: Math.max(1, Math.round((tuning.shortPoints * figures.intervalMs) / 1000)),
    values: {
      field: config.field,
      value: observed,
      expected,
      spread: numberWords(strength.spread),
      'spreads off': strength.z.toFixed(1),
      ...Object.fromEntries(
        Object.entries(tails).map(([name, tail]) => [`${name} tail`, tail.toFixed(1)]),
      ),
      threshold: numberWords(config.threshold),
      'points learned': String(figures.points),
    },
  };
}

function unitOf({ unit }: LearnedConfig, { nature }: Figures): string {
  const rate = nature === COUNTER ? '/s' : '';
  return unit === undefined ? rate : ` ${unit}${rate}`;
}
