import { useEffect, useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { bodyOf, writeRule } from './body.ts';

/** The text that is written, and the version it was begun from. */
export interface Draft {
  text: string;
  /** 0 for a rule that is new. */
  version: number;
}

const PREFIX = 'sentry.rule-draft.';

/** The text of the editor. What is unsaved outlives a reload and the way back, in this tab. */
export function useDraft(ruleId: string, stored: ListedRule | undefined, example: string) {
  const begin = (): Draft =>
    stored
      ? { text: writeRule(bodyOf(stored)), version: stored.version }
      : { text: example, version: 0 };
  const [draft, setDraft] = useState(() => readKept(ruleId) ?? begin());
  const fresh = begin();
  const isChanged = draft.text !== fresh.text;
  // What nobody has touched follows what is stored.
  const [followed, setFollowed] = useState(fresh);
  if (followed.version !== fresh.version || followed.text !== fresh.text) {
    setFollowed(fresh);
    if (draft.text === followed.text) setDraft(fresh);
  }
  useEffect(() => keep(ruleId, isChanged ? draft : undefined), [ruleId, isChanged, draft]);
  return {
    draft,
    isChanged,
    write: (text: string) => setDraft((held) => ({ ...held, text })),
    /** Goes on with another text, begun from a version. */
    begin: (next: Draft) => setDraft(next),
    discard: () => setDraft(fresh),
    /** Before this screen is left for good. */
    forget: () => keep(ruleId, undefined),
  };
}

function readKept(ruleId: string): Draft | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(PREFIX + ruleId) ?? '') as Partial<Draft>;
    const { text, version } = value;
    return typeof text === 'string' && typeof version === 'number' ? { text, version } : undefined;
  } catch {
    return undefined;
  }
}

function keep(ruleId: string, draft: Draft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(PREFIX + ruleId, JSON.stringify(draft));
    else sessionStorage.removeItem(PREFIX + ruleId);
  } catch {
    // A full or forbidden storage only means that nothing is kept.
  }
}
