import type { Context } from '#shared/kernel/context.ts';
import { groupKey } from '#shared/kernel/id.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { RuleSet } from '#shared/rule/compile-rule-set.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

import type { CommitPorts } from './commit-series.ts';
import { raiseOwn } from './raise-own.ts';
import type { StreamEvent } from './read-records.ts';

/** Rules told of at once; more are one more after these are mended. */
const TOLD_MAX = 20;

/** Sentry's own rule about rules that watch nothing; one alert for each. */
const BROKEN_RULE = DetectionRule.parse({
  rule_id: 'sentry-rule-broken',
  name: 'A detection rule cannot run',
  severity: 'ERROR',
  category: 'operational',
  pattern: { type: ['sentry.rule_broken'] },
  detector: { kind: 'match' },
  group_by: ['rule_id'],
  title: 'A detection rule cannot run and watches nothing',
});

/** Sets that were told of by this process. */
const told = new WeakSet<RuleSet>();

/**
 * A rule that cannot be compiled, say because a lookup table it names is gone, never counts as "no
 * match": it has an alert of its own, once until that is resolved. `events` are those of the batch,
 * ≥ 1 of each tenant. Throws `unavailable` when it could not be written; the next batch tries again.
 */
export async function reportBroken(
  ports: { work: WorkStore; response: CommitPorts['response'] },
  ctx: Omit<Context, 'tenant'>,
  sets: ReadonlyMap<string, RuleSet>,
  events: readonly StreamEvent[],
): Promise<void> {
  for (const [tenant, set] of sets) {
    if (set.broken.length === 0 || told.has(set)) continue;
    const { event } = events.find((one) => one.tenant === tenant)!;
    for (const { rule_id, error } of set.broken.slice(0, TOLD_MAX)) {
      const finding = {
        rule: BROKEN_RULE,
        group_key: groupKey([rule_id]),
        group: { rule_id },
        title: `Detection rule ${rule_id} cannot run and watches nothing`,
        occurrences: 1,
        explain: {
          detector: 'rule set',
          summary: `rule ${rule_id} cannot be compiled: ${error.message}`.slice(0, 500),
          expected: 'every enabled or staged rule compiles',
          observed: error.message.slice(0, 500),
        },
        events: [event],
      };
      const response = await ports.response(tenant);
      await raiseOwn(ports.work, { ...ctx, tenant }, finding, response, { once: true });
    }
    told.add(set);
  }
}
