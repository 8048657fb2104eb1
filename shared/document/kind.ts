import type { Document } from '#shared/ports/document-store.ts';

/** A document with who wrote it and when. */
export interface Stamped extends Document {
  author: string;
  updated_at: string;
}

/** What the verbs need to know of one kind of document. */
export interface DocumentKind<Kind extends Stamped> {
  /** Journal subject and the noun of its actions: `schedule` → `schedule.create`. */
  noun: string;
  idOf(this: void, document: Kind): string;
  /** Reads what somebody wrote and fills in defaults; throws `invalid_input` with one issue per wrong place. */
  check(this: void, input: unknown): Kind;
}

/** Fields that say who wrote a version and when, not what it says. */
export const STAMPS: ReadonlySet<string> = new Set(['version', 'author', 'updated_at', 'removed']);
