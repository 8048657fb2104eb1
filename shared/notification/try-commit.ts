import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';

/** Commits; false when somebody else changed a row meanwhile, so that the caller reads and decides again. */
export async function tryCommit(work: Pick<WorkStore, 'commit'>, commit: Commit): Promise<boolean> {
  try {
    await work.commit(commit);
    return true;
  } catch (error) {
    if (error instanceof SentryError && error.code === 'conflict') return false;
    throw error;
  }
}
