import type { Alert } from '#shared/alert/schema.ts';
import type { JournalEntry } from '#shared/audit/schema.ts';
import { joined } from '#shared/incident/close.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { ChannelConfig, Delivery } from '#shared/notification/schema.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import { account } from './account.ts';
import { type Attempt, recordAttempt, type Recorded } from './attempt.ts';
import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';
import { fallBack } from './fall-back.ts';
import { clearBroken, raiseBroken } from './raise-broken.ts';
import { tryCommit } from './try-commit.ts';

const ROUNDS_MAX = 5;
const SILENT = { journal: [], outbox: [] };

/** An attempt with all it was made for. */
export interface FinishedAttempt extends Attempt {
  alert: Alert;
  channel: ChannelConfig | undefined;
}

/** The commit that makes an outcome known: the row, its journal entry and announcement; for a dead one its secondary and the alert about the channel. */
async function commitOf(
  ctx: Context,
  ports: DeliverPorts,
  made: Exclude<Recorded, { kind: 'superseded' }>,
  expected: number,
  attempt: FinishedAttempt,
): Promise<Commit> {
  const changes: Commit['changes'] = [{ kind: 'delivery', row: made.row, expected }];
  if (made.kind === 'sent') {
    const sent = { changes, ...account(ctx, 'sent', made.row, attempt.intent) };
    const cleared =
      made.row.redriven_at === undefined ? undefined : await clearBroken(ctx, ports, made.row);
    return cleared ? joined(sent, cleared) : sent;
  }
  if (made.kind === 'retry') {
    // The first failure is news; the next three hundred are only counted.
    const first = made.row.attempts === 1;
    return { changes, ...(first ? account(ctx, 'failed', made.row, attempt.intent) : SILENT) };
  }
  const next = await fallBack(ports, made.row, attempt.alert, attempt.channel, ctx.now());
  const broken = (await raiseBroken(ctx, ports, made.row)) ?? { changes: [], ...SILENT };
  const news = account(ctx, 'dead', made.row, attempt.intent, next ? [next.channel] : []);
  const second: Change[] = next ? [{ kind: 'delivery', row: next, expected: 0 }] : [];
  return {
    changes: [...changes, ...second, ...broken.changes],
    journal: [...news.journal.map((entry) => withFallBack(entry, next)), ...broken.journal],
    outbox: [...news.outbox, ...broken.outbox],
  };
}

/** The entry naming the delivery that takes the dead one's place, for whoever asks why it was sent. */
function withFallBack(entry: JournalEntry, next: Delivery | undefined): JournalEntry {
  if (!next) return entry;
  const { delivery_key: id, channel, destination } = next;
  const detail = `${channel} ${destination}`;
  const told: TraceStep = {
    step: 'escalation_step',
    outcome: 'fell_back_to_secondary',
    id,
    detail,
  };
  return { ...entry, after: { ...entry.after, trace: [told] } };
}

/** Asks to be woken for the next attempt. */
async function hintNext(
  ports: DeliverPorts,
  row: Delivery,
  delayMs: number,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id, last_error: reason } = row;
  try {
    await ports.timers.hint({ kind: 'delivery', tenant, alert_id, delivery_key }, delayMs);
    return { delivery_key, kind: 'retry', reason };
  } catch (hint_error) {
    return { delivery_key, kind: 'retry', reason, hint_error };
  }
}

/**
 * Writes down what an attempt came to, over whatever else happened to the row meanwhile (a new
 * `desired`, say). Throws `unavailable` when the row will not hold still or the store fails: the
 * lease then runs out and the message goes once more, with the same key.
 */
export async function record(
  ctx: Context,
  ports: DeliverPorts,
  claimed: Delivery,
  attempt: FinishedAttempt,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id, step, destination } = claimed;
  let row: Delivery | undefined = claimed;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round > 0) row = await ports.work.getDelivery(tenant, alert_id, step, destination);
    const made: Recorded = row ? recordAttempt(row, attempt, ctx.now()) : { kind: 'superseded' };
    if (row === undefined || made.kind === 'superseded')
      return { delivery_key, kind: 'superseded' };
    const commit = await commitOf(ctx, ports, made, row.revision, attempt);
    if (!(await tryCommit(ports.work, commit))) continue;
    if (made.kind === 'retry') return await hintNext(ports, made.row, made.delayMs);
    return { delivery_key, kind: made.kind, reason: made.row.receipt ?? made.row.last_error };
  }
  throw new SentryError('unavailable', `The outcome of ${delivery_key} could not be recorded.`);
}
