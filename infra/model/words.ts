import type { Commit } from '#shared/ports/work-store.ts';

import type { Live } from './state.ts';

/** A process as the steps name it. */
export function titleOf({ role, on }: Live): string {
  if (role === 'notifier') return `${on.split(' ')[0]} notifier`;
  if (role === 'timer') return `timer of step ${on.split(' ')[2]}`;
  if (role === 'detector') return `detector (event ${on})`;
  return role;
}

/** A commit in a few words: what the journal says of it, else which rows it writes. */
export function wordsOf({ journal, changes }: Commit): string {
  if (journal.length > 0) return `commits ${journal.map(({ action }) => action).join(', ')}`;
  const kinds = changes.flatMap((change) =>
    change.kind === 'touch'
      ? []
      : [change.kind === 'delivery' && change.row.lease_owner ? 'a claim' : change.kind],
  );
  return `commits ${[...new Set(kinds)].join(', ')}`;
}
