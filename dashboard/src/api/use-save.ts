import { useRef, useState } from 'react';

import { ApiError, reasonOf } from './problem.ts';

/** Somebody else's version, where ours was refused because of it. */
export interface Conflict {
  author: string;
  updated_at: string;
  version: number;
}

export interface Save {
  isBusy: boolean;
  error: string | undefined;
  conflict: Conflict | undefined;
  /** What is wrong at a place of what was sent, by its dotted path. */
  issueAt: (path: string) => string | undefined;
  /** Runs one write at a time; true when it was done. What was said against it is in the fields above. */
  run: (write: () => Promise<unknown>) => Promise<boolean>;
  /** Forgets what was said. */
  clear: () => void;
}

interface State {
  isBusy: boolean;
  error?: string;
  conflict?: Conflict;
  issues: ReadonlyMap<string, string>;
}

const NOTHING: State = { isBusy: false, issues: new Map() };
const CONFLICTS = new Set(['conflict', 'precondition_failed']);

/** One write of a form and what the server says to it. */
export function useSave(): Save {
  const [state, setState] = useState(NOTHING);
  const isRunning = useRef(false);
  const run = async (write: () => Promise<unknown>) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setState({ ...NOTHING, isBusy: true });
    try {
      await write();
      setState(NOTHING);
      return true;
    } catch (error) {
      setState(stateOf(error));
      return false;
    } finally {
      isRunning.current = false;
    }
  };
  return {
    isBusy: state.isBusy,
    error: state.error,
    conflict: state.conflict,
    issueAt: (path) => state.issues.get(path),
    run,
    clear: () => setState(NOTHING),
  };
}

function stateOf(error: unknown): State {
  const failed = { ...NOTHING, error: reasonOf(error) };
  if (!(error instanceof ApiError)) return failed;
  const issues = new Map(error.issues.map(({ path, message }) => [path, message]));
  const current = error.current as Partial<Conflict> | undefined;
  const { author, updated_at, version } = current ?? {};
  if (!CONFLICTS.has(error.code) || !author || !updated_at || version === undefined)
    return { ...failed, issues };
  return { ...failed, issues, conflict: { author, updated_at, version } };
}
