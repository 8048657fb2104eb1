import type { Verdict } from '#shared/detection/detector.ts';

import type { SequenceConfig } from './config.ts';
import { sequenceKind } from './sequence.ts';

/** When the samples of the tests begin. */
export const BASE = Date.parse('2026-03-01T00:00:00.000Z');
export const MINUTE = 60_000;
const fit = (word: string) => ({ payload: { word: [{ wildcard: `*${word}*` }] } });
export const THEN: SequenceConfig = {
  kind: 'sequence',
  steps: [
    { name: 'a', pattern: fit('a') },
    { name: 'b', pattern: fit('b') },
  ],
  within_seconds: 600,
};
/** `THEN` with other steps. */
export const withSteps = (...steps: SequenceConfig['steps']): SequenceConfig => ({
  ...THEN,
  steps,
});
export const GUESSED = withSteps(
  { name: 'failed login', pattern: fit('a'), times: 3 },
  { name: 'success', pattern: fit('b') },
);
export const THREE = withSteps(...THEN.steps, { name: 'c', pattern: fit('c') });
export const WITHOUT = withSteps(THEN.steps[0]!, { ...THEN.steps[1]!, absent: true });
export const LATER_WITHOUT = withSteps(
  { name: 'a', pattern: fit('a'), times: 2 },
  { name: 'b', pattern: fit('b') },
  { name: 'c', pattern: fit('c'), absent: true },
);

/** An event as the tests write it. */
export interface Sample {
  /** Milliseconds after the beginning. */
  at: number;
  /** Letters of the steps the event fits. */
  word: string;
}

/** The steps a word fits. */
export const lettersOf = (word: string) => word.split('').map((letter) => 'abcde'.indexOf(letter));
export const sample = (minutes: number, word: string): Sample => ({ at: minutes * MINUTE, word });

/** Gives the samples to a detector in their order. */
export function run(config: SequenceConfig, samples: readonly Sample[]) {
  const detector = sequenceKind.init(config);
  let state = detector.empty();
  const verdicts: (Verdict | undefined)[] = [];
  const skipped: string[] = [];
  for (const [index, item] of samples.entries()) {
    const at = BASE + item.at;
    const point = { event_id: `e${index}`, at, stated_at: at, value: lettersOf(item.word) };
    const update = detector.update(state, point);
    state = update.state;
    verdicts.push(update.match);
    if (update.skipped !== undefined) skipped.push(update.skipped);
  }
  const occurrences = verdicts.reduce((sum, verdict) => sum + (verdict?.occurrences ?? 0), 0);
  return { detector, state, verdicts, skipped, occurrences };
}

/** By the plainest reading: every choice of events for the steps is tried, and each event in one is counted. */
export function naive(config: SequenceConfig, samples: readonly Sample[]): number {
  const windowMs = config.within_seconds * 1000;
  const stepsOf = ({ word }: Sample) =>
    lettersOf(word).filter((step) => step < config.steps.length);
  const size = (item: Sample) => stepsOf(item).reduce((mask, step) => mask | (1 << step), 0);
  const sorted = samples.toSorted(
    (a, b) => a.at - b.at || Math.min(...stepsOf(a)) - Math.min(...stepsOf(b)) || size(a) - size(b),
  );
  const absent = config.steps.findIndex((step) => step.absent);
  const wanted = config.steps.flatMap(({ times = 1 }, step) =>
    step === absent ? [] : Array<number>(times).fill(step),
  );
  const members = new Set<number>();
  const extend = (chain: readonly number[]): void => {
    const last = chain.at(-1) ?? -1;
    if (chain.length === wanted.length) {
      const end = sorted[last]!.at;
      if (end - sorted[chain[0]!]!.at > windowMs) return;
      const answered = sorted.some(
        (other, index) =>
          index > last && stepsOf(other).includes(absent) && other.at <= end + windowMs,
      );
      if (!answered) for (const index of chain) members.add(index);
      return;
    }
    for (let index = last + 1; index < sorted.length; index++)
      if (stepsOf(sorted[index]!).includes(wanted[chain.length]!)) extend([...chain, index]);
  };
  extend([]);
  return members.size;
}
