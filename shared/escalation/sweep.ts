import { DUE_SHARDS } from '#shared/kernel/due-shard.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { dueEnvelope } from '#shared/notification/due-envelope.ts';
import type { Channel, Delivery } from '#shared/notification/schema.ts';
import { publishOutbox } from '#shared/outbox/publish.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import type { DueRow, JournalStore } from '#shared/ports/work-store.ts';
import { rememberRules } from '#shared/response/remember-rules.ts';

import type { Timer } from './schema.ts';
import { hinted, takeTimer, type TimerPorts, type TimerTaken } from './take-timer.ts';

/** An outbox row this old was not published by the stream; until then it is the stream's. */
export const OUTBOX_AGE_MS = 60_000;
/** Rows asked for at once, and the most that one shard is asked for in one sweep. */
const PAGE = 250;
const ROWS_MAX = 4_000;
/** Shards looked at at the same time, and timers of each. */
const SHARDS_AT_ONCE = 4;
const TIMERS_AT_ONCE = 8;
/** Timers that fall due before the next sweep are hinted, so that they are punctual. */
const AHEAD_MS = 60_000;

export interface SweepPorts extends TimerPorts {
  journal: Pick<JournalStore, 'listOutbox' | 'deleteOutbox'>;
  bus: MessageBus;
}

/** What one sweep found, in rows. */
export interface SweepReport {
  deliveries: number;
  outbox: number;
  /** Timers that were due and taken, or fall due before the next sweep and are hinted. */
  timers: number;
  errors: string[];
}

/**
 * The rows of a shard that are due by then. A page full of timers is asked for again four times as
 * large: however many are due, they must never hide a delivery behind them.
 */
async function listDueRows(ports: SweepPorts, shard: number, before: string): Promise<DueRow[]> {
  for (let limit = PAGE; ; limit = Math.min(limit * 4, ROWS_MAX)) {
    const rows = await ports.work.listDue(shard, before, limit);
    if (rows.length < limit || limit === ROWS_MAX) return rows;
    if (rows.filter(({ kind }) => kind === 'delivery').length >= PAGE) return rows;
  }
}

/** One waking per alert, naming every channel that is due. */
function wakings(deliveries: readonly Delivery[]) {
  const byAlert = new Map<string, { tenant: string; alert_id: string; channels: Channel[] }>();
  for (const { tenant, alert_id, channel } of deliveries) {
    const key = JSON.stringify([tenant, alert_id]);
    const waking = byAlert.get(key) ?? { tenant, alert_id, channels: [] };
    if (!waking.channels.includes(channel)) waking.channels.push(channel);
    byAlert.set(key, waking);
  }
  return [...byAlert.values()];
}

/** Takes the timers, those of an alert one after the other, of several alerts at a time; answers what failed. */
async function takeAll(
  ctx: Context,
  ports: SweepPorts,
  timers: readonly Timer[],
): Promise<string[]> {
  const errors: string[] = [];
  const queue = Object.values(
    Object.groupBy(timers, ({ tenant, alert_id }) => `${tenant} ${alert_id}`),
  );
  const lane = async () => {
    for (let ofAlert = queue.shift(); ofAlert; ofAlert = queue.shift())
      for (const timer of ofAlert)
        try {
          const { hint_error } = await takeOrHint({ ...ctx, tenant: timer.tenant }, ports, timer);
          if (hint_error !== undefined) errors.push(textOf(hint_error));
        } catch (error) {
          errors.push(textOf(error));
        }
  };
  await Promise.all(Array.from({ length: TIMERS_AT_ONCE }, lane));
  return errors;
}

/** What is not due yet is only hinted: whether it still stands is asked when the hint comes. */
function takeOrHint(ctx: Context, ports: SweepPorts, timer: Timer): Promise<TimerTaken> {
  if (Date.parse(timer.due_at) > ctx.now()) return hinted(ctx, ports, 'early', timer);
  return takeTimer(ctx, ports, timer);
}

async function sweepDue(ctx: Context, ports: SweepPorts, shard: number): Promise<SweepReport> {
  const now = ctx.now();
  const rows = await listDueRows(ports, shard, new Date(now + AHEAD_MS).toISOString());
  const timers = rows.flatMap((due) => (due.kind === 'timer' ? [due.row] : []));
  const deliveries = rows.flatMap((due) =>
    due.kind === 'delivery' && Date.parse(due.row.next_attempt_at ?? '') <= now ? [due.row] : [],
  );
  const envelopes = wakings(deliveries).map((waking) => dueEnvelope(ctx, waking));
  const results = envelopes.length > 0 ? await ports.bus.publish(envelopes) : [];
  const errors = results.flatMap((result) => (result.ok ? [] : [result.error]));
  errors.push(...(await takeAll(ctx, ports, timers)));
  return { deliveries: deliveries.length, outbox: 0, timers: timers.length, errors };
}

async function sweepOutbox(ctx: Context, ports: SweepPorts, shard: number): Promise<SweepReport> {
  const before = new Date(ctx.now() - OUTBOX_AGE_MS).toISOString();
  const report: SweepReport = { deliveries: 0, outbox: 0, timers: 0, errors: [] };
  while (report.outbox < ROWS_MAX) {
    const rows = await ports.journal.listOutbox(shard, before, PAGE);
    const published = await publishOutbox(ports, rows);
    report.outbox += rows.length;
    report.errors.push(...published.errors.filter((error) => error !== undefined));
    if (published.undeleted !== undefined) report.errors.push('outbox rows not deleted');
    if (rows.length < PAGE || report.errors.length > 0) break;
  }
  return report;
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Does what nobody else did: due deliveries become `delivery.due` on the bus (nothing is sent from
 * here), due timers are taken and those of the next minute hinted, outbox rows older than a minute are
 * published. Every shard is tried; then throws `unavailable` when something failed (reliability.md §3).
 */
export async function sweep(ctx: Context, given: SweepPorts): Promise<SweepReport> {
  const ports = { ...given, response: rememberRules((tenant) => given.response(tenant), ctx) };
  const total: SweepReport = { deliveries: 0, outbox: 0, timers: 0, errors: [] };
  for (let from = 0; from < DUE_SHARDS; from += SHARDS_AT_ONCE) {
    // Another shard is first each minute: a sweep that is cut off never cuts off the same ones.
    const first = from + Math.floor(ctx.now() / AHEAD_MS);
    const shards = Array.from(
      { length: SHARDS_AT_ONCE },
      (_, index) => (first + index) % DUE_SHARDS,
    );
    const ends = await Promise.allSettled(
      shards.flatMap((shard) => [sweepOutbox(ctx, ports, shard), sweepDue(ctx, ports, shard)]),
    );
    for (const end of ends) {
      if (end.status === 'rejected') {
        total.errors.push(textOf(end.reason));
        continue;
      }
      total.deliveries += end.value.deliveries;
      total.outbox += end.value.outbox;
      total.timers += end.value.timers;
      total.errors.push(...end.value.errors);
    }
  }
  if (total.errors.length === 0) return total;
  throw new SentryError('unavailable', `The sweep met ${total.errors.length} faults.`, {
    cause: total.errors.slice(0, 5),
  });
}
