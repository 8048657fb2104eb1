import { requireScope } from '#shared/access/scope.ts';
import { PAGE_MAX } from '#shared/alert/list.ts';
import type { JournalEntry, TimelineEntry } from '#shared/audit/schema.ts';
import { sentenceOf } from '#shared/audit/sentence.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { JournalStore, Page, WorkStore } from '#shared/ports/work-store.ts';

import { getIncident } from './change.ts';

/** Alerts whose histories are merged: the newest, and every escalation alert the incident names. */
const ALERTS_MAX = 50;
/** Entries read of one subject. */
const ENTRIES_MAX = 500;
/** Subjects read at the same time. */
const SUBJECTS_AT_ONCE = 10;

/** What one commit did, in the order of cause and effect. */
function rankOf({ action, subject }: JournalEntry, escalations: readonly string[]): number {
  if (action === 'alert.open') return escalations.includes(subject.id) ? 3 : 0;
  if (action === 'incident.open' || action === 'incident.join') return 1;
  return action === 'incident.escalate' ? 2 : 4;
}

/** Where an entry stands among all of an incident. */
function placeOf(entry: JournalEntry, escalations: readonly string[]): string {
  return `${entry.at}#${rankOf(entry, escalations)}#${entry.entry_id}`;
}

/**
 * An incident's history with those of its alerts in one, oldest first, each entry with what it is about:
 * alert, event, delivery, and the receiver's own id of the message. Needs sentry.alert.read, throws
 * `not_found`.
 */
export async function incidentTimeline(
  ports: { work: WorkStore; journal: JournalStore },
  ctx: Context,
  incidentId: string,
  page: { limit: number; cursor?: string },
): Promise<Page<TimelineEntry>> {
  requireScope(ctx, 'sentry.alert.read');
  const limit = Math.min(Math.max(1, page.limit), PAGE_MAX);
  const incident = await getIncident(ports, ctx, incidentId);
  const ids = [...incident.alert_ids.slice(-ALERTS_MAX), ...incident.escalation_ids];
  const subjects = [
    { kind: 'incident', id: incidentId },
    ...ids.map((id) => ({ kind: 'alert', id })),
  ];
  const entries: JournalEntry[] = [];
  for (let from = 0; from < subjects.length; from += SUBJECTS_AT_ONCE)
    entries.push(
      ...(
        await Promise.all(
          subjects
            .slice(from, from + SUBJECTS_AT_ONCE)
            .map((subject) => entriesOf(ports.journal, ctx.tenant, subject)),
        )
      ).flat(),
    );
  const alerts = await ports.work.getAlerts(ctx.tenant, ids);
  const events = new Map(alerts.map((alert) => [alert?.alert_id, alert?.event_id]));
  const rest = entries
    .map((entry) => ({ entry, place: placeOf(entry, incident.escalation_ids) }))
    .filter(({ place }) => page.cursor === undefined || place > page.cursor)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const shown = rest.slice(0, limit);
  return {
    items: shown.map(({ entry }) => lineOf(entry, incidentId, events)),
    ...(rest.length > limit && { cursor: shown.at(-1)!.place }),
  };
}

async function entriesOf(
  journal: JournalStore,
  tenant: string,
  subject: { kind: string; id: string },
): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await journal.listEntries(tenant, subject, {
      limit: PAGE_MAX,
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < ENTRIES_MAX);
  return found;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A journal entry as a line of the incident's history; `events` has the event of each alert. */
export function lineOf(
  entry: JournalEntry,
  incident_id: string,
  events: ReadonlyMap<string | undefined, string | undefined>,
): TimelineEntry {
  const { subject, after } = entry;
  const alert_id =
    subject.kind === 'alert'
      ? subject.id
      : (textOf(after?.['escalation_alert_id']) ?? textOf(after?.['alert_id']));
  const event_id = entry.action === 'alert.open' ? events.get(alert_id) : undefined;
  const delivery_key = textOf(after?.['delivery_key']);
  const message_id = textOf(after?.['receipt']);
  return {
    timeline_id: entry.entry_id,
    ...(alert_id !== undefined && { alert_id }),
    incident_id,
    ...(event_id !== undefined && { event_id }),
    ...(delivery_key !== undefined && { delivery_key }),
    ...(message_id !== undefined && { message_id }),
    entry: sentenceOf(entry),
    timestamp: entry.at,
    actor: entry.actor,
  };
}
