import type { Explanation } from '#shared/alert/schema.ts';
import { elapseSeries } from '#shared/detection/elapse-series.ts';
import { foldSeries } from '#shared/detection/fold.ts';
import type { FoldPoint } from '#shared/detection/fold.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';
import type { Accepted } from '#shared/event/normalise.ts';

import { compileRuleSet } from './compile-rule-set.ts';
import type { RuleMatch } from './compile-rule-set.ts';
import { explainFinding } from './explain-match.ts';
import { renderTitle } from './render-title.ts';
import type { DetectionRule } from './schema.ts';

/** What a rule made of one group of the events. */
export interface EvaluatedGroup {
  group: Record<string, string>;
  /** Events that the pattern selected. */
  matched: number;
  /** Events that are part of a finding; 0 is quiet. */
  occurrences: number;
  /** Events left out because the same event came before. */
  duplicates: number;
  /** Events that the detector could not use, by reason; absent when it used all. */
  skipped?: Record<string, number>;
  /** True when it fired only while the series was too new to be trusted: INFO, and told to nobody. */
  warming?: boolean;
  /** Present when it fired: the alert's title and why. */
  title?: string;
  explanation?: Explanation;
}

/**
 * Runs a rule, whatever its state, over events in their order through the evaluator that production
 * uses: matched, grouped and folded as one batch. Rules that find silence are judged whenever they fall
 * due, up to the time of the newest event, whether the rule selects that one or not. Pure. Throws what
 * the rule throws.
 */
export function evaluateRule(rule: DetectionRule, events: readonly Accepted[]): EvaluatedGroup[] {
  const set = compileRuleSet([{ ...rule, state: 'ENABLED' }]);
  for (const { error } of set.broken) throw error;
  const series = new Map<string, { match: RuleMatch; points: FoldPoint[] }>();
  let until = Number.NEGATIVE_INFINITY;
  for (const [index, { event, stated_at }] of events.entries()) {
    const { matches, faults } = set.match(event);
    for (const { error } of faults) throw error;
    const at = Date.parse(event.timestamp);
    until = Math.max(until, at);
    for (const match of matches) {
      const entry = series.get(match.group_key) ?? { match, points: [] };
      const point = { event_id: event.event_id, at, stated_at, value: match.value };
      entry.points.push({ sequence: String(index + 1), point, event });
      series.set(match.group_key, entry);
    }
  }
  return [...series].map(([key, { match, points }]) =>
    new Evaluation(key, match).run(points, until),
  );
}

/** One group of the events, folded as it goes. */
class Evaluation {
  readonly #match: RuleMatch;
  readonly #key: string;
  readonly #result: EvaluatedGroup;
  #series: Series | undefined;
  readonly #seen = new Map<number, SeenBucket>();

  constructor(key: string, match: RuleMatch) {
    this.#key = key;
    this.#match = match;
    this.#result = { group: match.group, matched: 0, occurrences: 0, duplicates: 0 };
  }

  run(points: readonly FoldPoint[], until: number): EvaluatedGroup {
    // Silence may lie between any two events; all other kinds see the batch at once.
    const findsSilence = this.#match.compiled.detector.dueAt !== undefined;
    for (const some of findsSilence ? points.map((point) => [point]) : [points]) {
      this.#elapse(some[0]!.point.at);
      this.#fold(some);
    }
    this.#elapse(until);
    return this.#result;
  }

  #fold(points: readonly FoldPoint[]): void {
    const { compiled, group } = this.#match;
    const { rule } = compiled;
    const fold = foldSeries({
      tenant: 'test',
      series_key: this.#key,
      group,
      rule: compiled,
      series: this.#series,
      seen: [...this.#seen.values()],
      shard: 'test',
      points,
      touched_at: points[0]!.event.timestamp,
    });
    this.#series = fold.series ?? this.#series;
    for (const row of fold.seen) this.#seen.set(row.bucket, row);
    this.#result.matched += points.length;
    this.#result.duplicates += fold.duplicates;
    for (const [reason, count] of Object.entries(fold.skipped)) {
      const skipped = (this.#result.skipped ??= {});
      skipped[reason] = (skipped[reason] ?? 0) + count;
    }
    const last = fold.lastEvents.at(-1);
    if (fold.explain === undefined || last === undefined) return;
    this.#found(
      fold.occurrences,
      fold.warming,
      renderTitle(rule.title, fold.firstEvents[0] ?? last),
      explainFinding(compiled, last, fold.explain),
    );
  }

  /** Judges at each time the series falls due, as the sweeper would. */
  #elapse(until: number): void {
    for (;;) {
      const due = Date.parse(this.#series?.due_at ?? '');
      if (!(due <= until)) return;
      const { touched_at } = this.#series!;
      const elapsed = elapseSeries(this.#match.compiled, this.#series!, due, touched_at);
      if (elapsed === undefined) return;
      this.#series = elapsed.series;
      const { finding } = elapsed;
      if (finding)
        this.#found(finding.occurrences, finding.warming === true, finding.title, finding.explain);
    }
  }

  #found(occurrences: number, warming: boolean, title: string, explanation: Explanation): void {
    const result = this.#result;
    const warmingOnly = warming && (result.occurrences === 0 || result.warming === true);
    result.occurrences += occurrences;
    result.title ??= title;
    result.explanation = explanation;
    if (warmingOnly) result.warming = true;
    else delete result.warming;
  }
}
