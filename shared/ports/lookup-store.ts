import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Lookup, LookupHead } from '#shared/lookup/schema.ts';

/** One new version of a lookup table and what is told about it, written all at once. */
export interface LookupChange {
  /** `version` is `expected + 1`. */
  lookup: Lookup;
  /** The version the writer read; 0 for "must be absent". */
  expected: number;
  journal: readonly JournalEntry[];
  outbox: readonly OutboxRow[];
}

/** A tenant's lookup tables. All methods throw `unavailable` on throttling or network faults. */
export interface LookupStore {
  /** Every table by name, those taken away too; strongly consistent. */
  list(tenant: string): Promise<LookupHead[]>;
  /** The newest version, also of one taken away; strongly consistent, never keys of two versions. */
  get(tenant: string, name: string): Promise<Lookup | undefined>;
  /**
   * Writes table, journal and outbox and moves the tenant's rule set to its next revision, so that
   * every detector reads it: all of it or nothing. Throws `conflict` (with the stored head as
   * `current`) unless the stored version is `expected`.
   */
  save(tenant: string, change: LookupChange): Promise<void>;
}
