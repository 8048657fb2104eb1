import type { Context } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

import type { SeriesWork } from './collect-series.ts';
import type { CommitPorts } from './commit-series.ts';
import { raiseOwn } from './raise-own.ts';
import type { SeriesCap } from './series-cap.ts';

/** Rules named in the alert, those that make most series first. */
const MAKERS_SHOWN = 5;

/** Sentry's own rule about too many series; one alert for each tenant. */
const CAP_RULE = DetectionRule.parse({
  rule_id: 'sentry-series-cap',
  name: 'Too many series',
  severity: 'ERROR',
  category: 'operational',
  pattern: { type: ['sentry.series_refused'] },
  detector: { kind: 'match' },
  title: 'Too many series: new ones are not watched',
});

/**
 * Tells that series were refused, which rules make most of them and what to do; says so once, until that
 * alert is resolved. `refused` are of one tenant, ≥ 1. Throws `unavailable` when it could not be written.
 */
export async function reportRefused(
  ports: { work: WorkStore; response: CommitPorts['response'] },
  ctx: Context,
  refused: readonly SeriesWork[],
  cap: SeriesCap,
): Promise<void> {
  const makers = cap.makers(ctx.tenant).slice(0, MAKERS_SHOWN);
  const [rule_id = refused[0]!.compiled.rule.rule_id] = makers[0] ?? [];
  const finding = {
    rule: CAP_RULE,
    group_key: '',
    group: {},
    title: `Too many series: new ones are not watched; rule ${rule_id} makes most of them`,
    occurrences: 1,
    explain: {
      detector: 'series cap',
      summary: `rule ${rule_id} makes most new series: group it by a field of fewer values, narrow its pattern, or raise SENTRY_SERIES_MAX`,
      expected: `at most ${cap.limit} series touched within two weeks`,
      observed: `${cap.active(ctx.tenant) ?? cap.limit} series, and ${refused.length} more in one batch`,
      values: Object.fromEntries(makers.map(([id, series]) => [id, `${series} new series`])),
    },
    events: [refused[0]!.points[0]!.event],
  };
  const response = await ports.response(ctx.tenant);
  await raiseOwn(ports.work, ctx, finding, response, { once: true });
}
