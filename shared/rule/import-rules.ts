import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleChange, RuleStore } from '#shared/ports/rule-store.ts';

import { readOnce, requireTables } from './bind-lookups.ts';
import type { LookupReader } from './bind-lookups.ts';
import { checkRule } from './check-rule.ts';
import type { ImportOutcome, ImportResult } from './document-schema.ts';
import { planSave } from './save-rule.ts';
import type { DetectionRule } from './schema.ts';
import { unknownFields } from './unknown-field.ts';

interface ImportOptions {
  /** Says what would happen and writes nothing. */
  dry_run: boolean;
  /** For the journal of every rule that states no reason of its own. */
  reason?: string | undefined;
  /** As in `saveRule`, for every rule that has a reason. */
  override_tests?: boolean | undefined;
  /** Where rules find the lookup tables they name; tables themselves are not part of a document. */
  lookups?: LookupReader | undefined;
}

interface Planned {
  item: ImportOutcome;
  change?: RuleChange | undefined;
}

/**
 * Makes the given rules the newest versions of those of their ids; others stay. Every rule is checked
 * before the first is written, and one refused rule keeps all from being written. Rules are then
 * written one by one: one that somebody changed meanwhile is refused alone, and after `unavailable`
 * the same import goes on where it stopped, because what stands there already is `unchanged`.
 * Throws `forbidden`, `unavailable`.
 */
export async function importRules(
  store: RuleStore,
  context: Context,
  drafts: readonly unknown[],
  options: ImportOptions,
): Promise<ImportResult> {
  requireScope(context, 'sentry.policy.write');
  const stored = new Map((await store.list(context.tenant)).map((rule) => [rule.rule_id, rule]));
  const lookups = options.lookups && readOnce(options.lookups);
  const planned: Planned[] = [];
  const seen = new Set<string>();
  for (const [index, draft] of drafts.entries())
    planned.push(await planImport(context, stored, seen, index, draft, { ...options, lookups }));
  const isRefused = planned.some(({ item }) => item.outcome === 'refused');
  if (options.dry_run || isRefused)
    return { applied: false, items: planned.map(({ item }) => item) };
  const items: ImportOutcome[] = [];
  for (const { item, change } of planned)
    items.push(change === undefined ? item : await write(store, context, item, change));
  return { applied: true, items };
}

async function planImport(
  context: Context,
  stored: ReadonlyMap<string, DetectionRule>,
  seen: Set<string>,
  index: number,
  written: unknown,
  options: ImportOptions,
): Promise<Planned> {
  const draft = withReason(written, options.reason);
  const given = (draft as { rule_id?: unknown } | null)?.rule_id;
  const named = { index, ...(typeof given === 'string' && { rule_id: given.slice(0, 64) }) };
  try {
    const rule = checkRule(draft);
    const issues = unknownFields(draft, rule);
    if (seen.has(rule.rule_id))
      issues.push({ path: 'rule_id', message: 'stands in this document before' });
    seen.add(rule.rule_id);
    if (issues.length > 0) return { item: { ...named, outcome: 'refused', issues } };
    const before = stored.get(rule.rule_id);
    const change = planSave(context, before, rule, {
      override_tests: options.override_tests,
      tables: await requireTables(options.lookups, context.tenant, rule),
    });
    const outcome =
      change === undefined ? 'unchanged' : before === undefined ? 'created' : 'updated';
    const version = change?.rule.version ?? before!.version;
    return { item: { ...named, outcome, version, issues: [] }, change };
  } catch (error) {
    if (!(error instanceof SentryError) || error.code !== 'invalid_input') throw error;
    const issues = error.issues.length > 0 ? error.issues : [{ path: '', message: error.message }];
    return { item: { ...named, outcome: 'refused', issues: [...issues] } };
  }
}

async function write(
  store: RuleStore,
  context: Context,
  item: ImportOutcome,
  change: RuleChange,
): Promise<ImportOutcome> {
  try {
    await store.save(context.tenant, change);
    return item;
  } catch (error) {
    if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    const { index, rule_id } = item;
    const issues = [{ path: '', message: 'somebody changed this rule meanwhile; import again' }];
    return { index, ...(rule_id !== undefined && { rule_id }), outcome: 'refused', issues };
  }
}

function withReason(draft: unknown, reason: string | undefined): unknown {
  if (reason === undefined || typeof draft !== 'object' || draft === null) return draft;
  return (draft as { reason?: unknown }).reason ? draft : { ...draft, reason };
}
