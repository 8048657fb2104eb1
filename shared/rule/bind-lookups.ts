import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { KeySet } from '#shared/pattern/key-set.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import type { DetectionRule } from './schema.ts';

/** Where rules find the tables they name. */
export type LookupReader = Pick<LookupStore, 'list' | 'get'>;

/** Tables by name, as patterns ask them. */
export type LookupTables = ReadonlyMap<string, KeySet>;

export const NO_TABLES: LookupTables = new Map();

/** The tables that the patterns of a rule name and that nobody has put in yet, each once. */
export function lookupNames(rule: Pick<DetectionRule, 'pattern' | 'detector'>): string[] {
  const names: string[] = [];
  findNames(rule.pattern, names);
  findNames(rule.detector, names);
  return names.length < 2 ? names : [...new Set(names)];
}

/** Reads the tables that the rules name, no others; without any it asks nobody. Throws `unavailable`. */
export async function readTables(
  reader: LookupReader | undefined,
  tenant: string,
  rules: readonly Pick<DetectionRule, 'pattern' | 'detector'>[],
): Promise<LookupTables> {
  const names = new Set(rules.flatMap(lookupNames));
  if (reader === undefined || names.size === 0) return NO_TABLES;
  const lookups = await Promise.all([...names].map((name) => reader.get(tenant, name)));
  return new Map(
    lookups
      .filter((lookup) => lookup !== undefined && lookup.removed_at === undefined)
      .map((lookup) => [lookup!.name, new KeySet(lookup!.name, lookup!.keys)]),
  );
}

/**
 * The rule with the tables in place of their names, ready to compile. A table that is not among them
 * stays a name, and such a rule does not compile. The rule itself is not changed.
 */
export function bindLookups(rule: DetectionRule, tables: LookupTables): DetectionRule {
  if (lookupNames(rule).length === 0) return rule;
  const put = (name: string) => tables.get(name) ?? name;
  return {
    ...rule,
    pattern: replaceLookups(rule.pattern, put) as DetectionRule['pattern'],
    detector: replaceLookups(rule.detector, put) as DetectionRule['detector'],
  };
}

/**
 * The tables that a rule names. Throws `invalid_input` with the names there are when it names one that
 * is not there; an archived rule may.
 */
export async function requireTables(
  reader: LookupReader | undefined,
  tenant: string,
  rule: DetectionRule,
): Promise<LookupTables> {
  if (rule.state === 'ARCHIVED') return NO_TABLES;
  const tables = await readTables(reader, tenant, [rule]);
  const missing = lookupNames(rule).filter((name) => !tables.has(name));
  if (missing.length === 0) return tables;
  const heads = (await reader?.list(tenant)) ?? [];
  const there = heads.filter(({ removed_at }) => removed_at === undefined).map(({ name }) => name);
  const known = there.length === 0 ? 'there is none yet' : `there is ${there.join(', ')}`;
  const issues: InputIssue[] = missing.map((name) => ({
    path: 'pattern',
    message: `there is no lookup table "${name}"; ${known}`,
  }));
  throw new SentryError('invalid_input', `The rule is not valid: ${issues[0]!.message}`, {
    issues,
  });
}

/** Asks the reader once for each table, for many rules that name the same. */
export function readOnce(reader: LookupReader): LookupReader {
  const asked = new Map<string, ReturnType<LookupReader['get']>>();
  return {
    list: (tenant) => reader.list(tenant),
    get(tenant, name) {
      const answer = asked.get(name) ?? reader.get(tenant, name);
      asked.set(name, answer);
      return answer;
    },
  };
}

/** Most rules name none, and all are asked whenever rules are compiled: nothing is copied to find out. */
function findNames(value: unknown, names: string[], canName = false): void {
  if (typeof value !== 'object' || value === null || value instanceof KeySet) return;
  if (Array.isArray(value)) {
    for (const entry of value) findNames(entry, names, true);
    return;
  }
  const name = canName ? nameIn(value) : undefined;
  if (name !== undefined) names.push(name);
  else
    for (const key in value)
      findNames((value as Record<string, unknown>)[key], names, key === 'anything-but');
}

/** A copy with `{"lookup": name}` answered by `put`, in lists of matchers and inside `anything-but`. */
function replaceLookups(value: unknown, put: (name: string) => unknown): unknown {
  if (Array.isArray(value))
    return value.map((entry) => replaceMatcher(entry, put) ?? replaceLookups(entry, put));
  if (typeof value !== 'object' || value === null || value instanceof KeySet) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [
      key,
      (key === 'anything-but' ? replaceMatcher(below, put) : undefined) ??
        replaceLookups(below, put),
    ]),
  );
}

function replaceMatcher(
  entry: unknown,
  put: (name: string) => unknown,
): { lookup: unknown } | undefined {
  const name = typeof entry === 'object' && entry !== null ? nameIn(entry) : undefined;
  return name === undefined ? undefined : { lookup: put(name) };
}

/** The table that a matcher names: its only key is `lookup`. */
function nameIn(matcher: object): string | undefined {
  const { lookup } = matcher as { lookup?: unknown };
  return typeof lookup === 'string' && Object.keys(matcher).length === 1 ? lookup : undefined;
}
