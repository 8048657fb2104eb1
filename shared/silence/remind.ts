import type { JournalEntry } from '#shared/audit/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { Change, Commit, WorkStore } from '#shared/ports/work-store.ts';

import { endOf } from './end-of.ts';
import type { Silence } from './schema.ts';

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 5;

/** What stands in a timer in the place of an alert: no alert has an id like it. */
export function reminderSubject(silenceId: string): string {
  return `silence|${silenceId}`;
}

/** When the end of a silence is announced, ms since the epoch; undefined when it is not. */
function reminderOf(silence: Silence): number | undefined {
  const { reminder_minutes } = silence;
  return reminder_minutes === undefined ? undefined : endOf(silence) - reminder_minutes * 60_000;
}

/**
 * Has the end of a silence announced when it says so, if that is still to come. To be called before the silence is saved: a
 * reminder of what was never saved finds nothing and goes, one that was never made would be missed.
 * Throws `unavailable`.
 */
export async function planReminder(
  work: Pick<WorkStore, 'commit' | 'listTimers'>,
  ctx: Context,
  silence: Silence,
): Promise<void> {
  const { tenant } = ctx;
  const due = reminderOf(silence);
  if (due === undefined || due <= ctx.now()) return;
  const alert_id = reminderSubject(silence.silence_id);
  for (let attempt = 1; ; attempt++) {
    const [standing] = await work.listTimers(tenant, alert_id);
    const expected = standing?.revision ?? 0;
    const row: Timer = {
      tenant,
      alert_id,
      kind: 'silence_reminder',
      step: 0,
      due_at: new Date(due).toISOString(),
      revision: expected + 1,
    };
    try {
      await work.commit({ changes: [{ kind: 'timer', row, expected }], journal: [], outbox: [] });
      return;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/**
 * What a reminder that fell due leads to: `silence.ending`, once; nothing where the silence is gone or
 * over, and another time where its end was moved. Pure.
 */
export function decideReminder(
  timer: Timer,
  silences: readonly Silence[],
  ctx: Context,
): { kind: 'commit'; commit: Commit } {
  const silence = silences.find(({ silence_id }) => reminderSubject(silence_id) === timer.alert_id);
  const due = silence && reminderOf(silence);
  const gone: Change = { kind: 'timer.delete', row: timer, expected: timer.revision };
  if (!silence || due === undefined || endOf(silence) <= ctx.now()) return only(gone);
  if (due > ctx.now()) {
    const row = { ...timer, due_at: new Date(due).toISOString(), revision: timer.revision + 1 };
    return only({ kind: 'timer', row, expected: timer.revision });
  }
  const { commit } = only(gone);
  return { kind: 'commit', commit: { ...commit, ...ending(silence, ctx) } };
}

function only(change: Change): { kind: 'commit'; commit: Commit } {
  return { kind: 'commit', commit: { changes: [change], journal: [], outbox: [] } };
}

function ending(silence: Silence, ctx: Context): Pick<Commit, 'journal' | 'outbox'> {
  const { silence_id: id, version, comment, author } = silence;
  const { tenant, actor, correlation_id } = ctx;
  const ends_at = new Date(endOf(silence)).toISOString();
  const entry: JournalEntry = {
    entry_id: digestUuid('journal', tenant, 'silence.ending', id, String(version)),
    tenant,
    subject: { kind: 'silence', id },
    action: 'silence.ending',
    actor,
    at: new Date(ctx.now()).toISOString(),
    after: { ends_at, version },
    correlation_id,
    security_level: 'internal',
  };
  const row = announce({
    tenant,
    type: 'silence.ending',
    source: 'sentry.silence',
    payload: { tenant, silence: { id, version, ends_at, comment, author } },
    correlation_id,
    at: ctx.now(),
    identity: [id, String(version)],
  });
  return { journal: [entry], outbox: [row] };
}
