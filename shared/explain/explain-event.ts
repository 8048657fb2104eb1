import { requireScope } from '#shared/access/scope.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { LookupReader } from '#shared/rule/bind-lookups.ts';

import { explainAlert, type ExplainAlertPorts } from './explain-alert.ts';
import { findAlert } from './find-alert.ts';
import { type Arrived, eventsBefore, findEvent, type Found } from './find-event.ts';
import { findQuarantined } from './find-quarantined.ts';
import { inOrder, line, show } from './line.ts';
import { matchLines } from './match-lines.ts';
import { rulesAt } from './rules-at.ts';
import type { Explained, ExplainLine } from './schema.ts';
import { ofGroups, tryGroup } from './try-group.ts';

export interface ExplainEventPorts extends ExplainAlertPorts {
  rules: Pick<RuleStore, 'list' | 'versions'>;
  lookups: LookupReader;
  archive: EventArchive;
  quarantine: QuarantineStore;
}

interface Wanted {
  tenant: string;
  event_id: string;
  /** About when it arrived, ms. */
  at: number;
}

/**
 * Why people were told of an event or were not: where it was read, which rules it met as they stood then,
 * and the alert that it is counted on, or the first reason why there is none. `at` is RFC 3339, within an
 * hour of its arrival. Needs sentry.alert.read; throws `unavailable`.
 */
export async function explainEvent(
  ports: ExplainEventPorts,
  ctx: Context,
  eventId: string,
  at: string,
): Promise<Explained> {
  requireScope(ctx, 'sentry.alert.read');
  const wanted = { tenant: ctx.tenant, event_id: eventId, at: Date.parse(at) };
  const found = await findEvent(ports.archive, ctx, wanted);
  const subject = { kind: 'event', id: show(eventId) } as const;
  if (!found.event) return { subject, ...(await absent(ports, wanted, found)) };
  const { archive, lines, alert, truncated } = await judge(ports, ctx, found.event, found);
  if (!alert) {
    // The first line says that it was found; the next why that opened nothing.
    const { outcome, sentence } = lines[1]!;
    return { subject, outcome, sentence, lines, truncated, archive };
  }
  const { alert_id } = alert;
  const told = await explainAlert(ports, ctx, alert_id);
  const { outcome, sentence } = alert.event_id === eventId ? told : lines[1]!;
  return {
    subject,
    outcome,
    sentence,
    lines: inOrder([...lines, ...told.lines]),
    truncated: truncated || told.truncated,
    archive,
    alert_id,
  };
}

/** An event that is not in the archive: quarantined, or not there at all. */
async function absent(
  { quarantine }: ExplainEventPorts,
  wanted: Wanted,
  { refused, search: archive }: Found,
): Promise<Omit<Explained, 'subject'>> {
  const { row, complete } = await findQuarantined(quarantine, wanted);
  const at = new Date(refused?.arrived_at ?? wanted.at).toISOString();
  const why = row ?? refused;
  const truncated = !complete || !archive.complete;
  const first = why
    ? line(at, 'event', 'quarantined', `It could not be read: ${why.reason}: ${why.detail}`, {
        reason: why.reason,
        quarantine_id: row?.quarantine_id,
      })
    : truncated
      ? line(at, 'event', 'not_read_whole', 'Not found in what could be read in time', {})
      : line(at, 'event', 'not_in_archive', notThere(archive.objects), {});
  const { outcome, sentence } = first;
  return { outcome, sentence, lines: [first], truncated, archive };
}

function notThere(objects: number): string {
  const where = `${objects} archived objects of the hour before and after`;
  return `No event of this id is in ${where}, nor in quarantine; what came in the last minutes may not be archived yet`;
}

/** What of an answer is known once the event was found. */
interface Judged extends Pick<Explained, 'lines' | 'truncated' | 'archive'> {
  alert?: Alert;
}

async function judge(
  ports: ExplainEventPorts,
  ctx: Context,
  arrived: Arrived,
  { search: archive }: Found,
): Promise<Judged> {
  const { event, arrived_at } = arrived;
  const at = new Date(arrived_at).toISOString();
  const { rules, truncated } = await rulesAt(ports, ctx.tenant, arrived_at);
  const met = matchLines(rules, event, at);
  const { event_id } = event;
  const words = `It arrived; the time it states is ${event.timestamp}`;
  const foundLine = line(at, 'event', 'event_found', words, { event_id });
  const judged = { archive, truncated: truncated || met.truncated };
  for (const match of met.live) {
    const alert = await findAlert(ports.work, ctx.tenant, match, arrived);
    if (!alert) continue;
    return { ...judged, alert, lines: [foundLine, countedLine(alert, event_id, at), ...met.lines] };
  }
  if (met.live.length === 0) return { ...judged, lines: [foundLine, ...met.lines] };
  const last = { ...arrived, tenant: ctx.tenant };
  const before = await eventsBefore(ports.archive, ctx, last, ofGroups(met.live));
  const unfired = met.live.map((match) => tryGroup(match, before, at));
  const isCut = judged.truncated || !before.complete;
  return { ...judged, truncated: isCut, lines: [foundLine, ...unfired, ...met.lines] };
}

function countedLine({ alert_id, event_id, episode }: Alert, id: string, at: string): ExplainLine {
  const ids = { alert_id, episode };
  if (event_id === id)
    return line(
      at,
      'dedup',
      episode === 1 ? 'opened' : 'new_episode',
      `It opened alert ${alert_id}`,
      ids,
    );
  const words = `It is counted on alert ${alert_id}, which was there already: nobody is told of it anew`;
  return line(at, 'dedup', 'counted_on_open_alert', words, ids);
}
