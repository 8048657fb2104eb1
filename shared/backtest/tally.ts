import { addEvidence } from '#shared/alert/evidence.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { HOUR_MS } from '#shared/archive/read-archive.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { RuleMatch } from '#shared/rule/compile-rule-set.ts';
import { explainMatch } from '#shared/rule/explain-match.ts';

import type { ReplayCounts } from './replay.ts';
import type { BacktestAlert, BacktestResult } from './schema.ts';

const ALERTS_SHOWN = 200;
/** A row holds 400 KB; hours, examples, overlap and faults take at most 240 of them. */
const ALERTS_BYTES_MAX = 120_000;
const EXAMPLES_SHOWN = 5;
const FAULTS_SHOWN = 50;

/** What of a result is counted while the run goes on. */
export interface Tally {
  example(event: EventRecord, matches: readonly RuleMatch[]): void;
  /** Adds what a batch that arrived at `at` (ms) matched. */
  matched(at: number, matches: number): void;
  faulty(this: void, key: string, reason: string): void;
  /** The whole result; `alerts` are those the replay opened or counted on. */
  result(found: {
    counts: ReplayCounts;
    alerts: readonly Alert[];
    overlap: BacktestResult['overlap'];
    runSeconds: number;
    truncated?: BacktestResult['truncated'];
  }): BacktestResult;
}

/** Begins the count over a period, ms since the epoch. */
export function openTally(from: number, to: number): Tally {
  const first = Math.floor(from / HOUR_MS);
  const hours = new Map<number, { matches: number; alerts: number }>();
  for (let hour = first; hour * HOUR_MS < to; hour++) hours.set(hour, { matches: 0, alerts: 0 });
  const hourOf = (at: number) => hours.get(Math.floor(at / HOUR_MS));
  const examples: BacktestResult['examples'] = [];
  const faulty = { total: 0, items: [] as { key: string; reason: string }[] };

  return {
    example(event, matches) {
      if (examples.length === EXAMPLES_SHOWN) return;
      const { compiled, group } = matches[0]!;
      const [shown] = addEvidence({ first: [], last: [] }, [event]).first;
      const { rule } = compiled;
      examples.push({
        rule_id: rule.rule_id,
        event: shown!,
        group,
        explanation: explainMatch(rule, event),
      });
    },
    matched(at, matches) {
      const hour = hourOf(at);
      if (hour) hour.matches += matches;
    },
    faulty(key, reason) {
      faulty.total++;
      if (faulty.items.length < FAULTS_SHOWN) faulty.items.push({ key, reason });
    },
    result({ counts, alerts, overlap, runSeconds, truncated }) {
      for (const { created_at } of alerts) {
        const hour = hourOf(Date.parse(created_at));
        if (hour) hour.alerts++;
      }
      const sorted = alerts.toSorted((a, b) => (a.first_seen < b.first_seen ? -1 : 1));
      return {
        events: counts.events,
        matches: counts.matches,
        alerts: fitting(sorted.slice(0, ALERTS_SHOWN).map(shownAlert)),
        alerts_total: alerts.length,
        hours: [...hours].map(([hour, count]) => ({
          hour: new Date(hour * HOUR_MS).toISOString(),
          ...count,
        })),
        overlap,
        examples,
        warming: alerts.filter(isWarming).length,
        rule_faults: counts.rule_faults,
        refused: counts.refused,
        duplicates: counts.duplicates,
        run_seconds: Math.round(runSeconds * 1000) / 1000,
        events_per_second: runSeconds > 0 ? Math.round(counts.events / runSeconds) : 0,
        ...(truncated && { truncated }),
        faulty_objects: faulty,
      };
    },
  };
}

/** As many of the first as fit. */
function fitting(alerts: readonly BacktestAlert[]): BacktestAlert[] {
  let bytes = 0;
  const end = alerts.findIndex((alert) => {
    bytes += Buffer.byteLength(JSON.stringify(alert));
    return bytes > ALERTS_BYTES_MAX;
  });
  return end < 0 ? [...alerts] : alerts.slice(0, end);
}

function isWarming({ suppressed_by }: Alert): boolean {
  return suppressed_by.some(({ reason }) => reason === 'warming');
}

function shownAlert(alert: Alert): BacktestAlert {
  const { alert_id, rule_id, group, episode, severity, title, count } = alert;
  return {
    alert_id,
    rule_id,
    group,
    episode,
    severity,
    title,
    count,
    opened_at: alert.created_at,
    first_seen: alert.first_seen,
    last_seen: alert.last_seen,
    summary: alert.explain.summary,
  };
}
