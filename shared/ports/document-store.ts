import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';

/** What people write and the system obeys: a schedule, an escalation policy, a silence. */
export interface Document {
  version: number;
  /** True of the last version of what was removed. */
  removed?: boolean | undefined;
}

/** One new version of a document and what is told about it, written all at once. */
export interface DocumentChange<Kind extends Document> {
  id: string;
  /** `version` is `expected + 1`. */
  document: Kind;
  /** The version the writer read; 0 for "there never was one". */
  expected: number;
  journal: readonly JournalEntry[];
  outbox: readonly OutboxRow[];
}

/** A tenant's documents of one kind. All methods throw `unavailable` on throttling or network faults. */
export interface DocumentStore<Kind extends Document> {
  /** The newest version of each that is not removed, by id; strongly consistent. */
  list(tenant: string): Promise<Kind[]>;
  /** The newest version, also of what was removed; strongly consistent. */
  get(tenant: string, id: string): Promise<Kind | undefined>;
  /** Every version, newest first. */
  versions(tenant: string, id: string): Promise<Kind[]>;
  /**
   * Writes document, version, journal and outbox: all of it or nothing. Throws `conflict` (with the
   * stored document as `current`) unless the stored version is `expected`.
   */
  save(tenant: string, change: DocumentChange<Kind>): Promise<void>;
}

/** Tells whether any of a tenant's documents changed. */
export interface DocumentRevision {
  /** A text of its own after each save of a document of whatever kind, '' before the first; strongly consistent. Throws `unavailable`. */
  latest(tenant: string): Promise<string>;
}
