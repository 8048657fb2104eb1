import { bindLookups, type LookupReader, readTables } from '#shared/rule/bind-lookups.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

/** Rules whose earlier versions are read; of more the newest version stands for them. */
const CHANGED_MAX = 200;

/** The version of a rule that was the newest at an instant (ms); undefined when it was written later. */
export function versionAt(
  versions: readonly DetectionRule[],
  at: number,
): DetectionRule | undefined {
  return versions
    .filter(({ updated_at }) => Date.parse(updated_at) <= at)
    .sort((a, b) => b.version - a.version)[0];
}

/**
 * Every rule, whatever its state, as it stood at an instant (ms), the lookup tables it names put in as
 * they stand now. `truncated` when more rules changed since than are looked up. Throws `unavailable`.
 */
export async function rulesAt(
  ports: { rules: Pick<RuleStore, 'list' | 'versions'>; lookups: LookupReader },
  tenant: string,
  at: number,
): Promise<{ rules: DetectionRule[]; truncated: boolean }> {
  const newest = await ports.rules.list(tenant);
  const changed = newest.filter(({ updated_at }) => Date.parse(updated_at) > at);
  const former = new Map(
    await Promise.all(
      changed
        .slice(0, CHANGED_MAX)
        .map(
          async ({ rule_id }) =>
            [rule_id, versionAt(await ports.rules.versions(tenant, rule_id), at)] as const,
        ),
    ),
  );
  const then = newest
    .map((rule) => (former.has(rule.rule_id) ? former.get(rule.rule_id) : rule))
    .filter((rule) => rule !== undefined);
  const tables = await readTables(ports.lookups, tenant, then);
  return {
    rules: then.map((rule) => bindLookups(rule, tables)),
    truncated: changed.length > CHANGED_MAX,
  };
}
