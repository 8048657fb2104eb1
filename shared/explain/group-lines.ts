import type { Alert } from '#shared/alert/schema.ts';
import { isGrouped } from '#shared/grouping/group-of.ts';
import { GroupMessage } from '#shared/grouping/schema.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { line } from './line.ts';
import { readEntries } from './read-entries.ts';
import type { ExplainLine } from './schema.ts';

/** Which messages of its group told of an alert, by the group's own journal. Throws `unavailable`. */
export async function groupLines(
  journal: Pick<JournalStore, 'listEntries'>,
  alert: Alert,
): Promise<ExplainLine[]> {
  if (!isGrouped(alert)) return [];
  const { tenant, alert_id, alert_group_id } = alert;
  const subject = { kind: 'alert_group', id: alert_group_id! } as const;
  const { entries } = await readEntries(journal, tenant, subject);
  return entries.flatMap(({ after, at }): ExplainLine[] => {
    const { data: message } = GroupMessage.safeParse(after);
    if (message === undefined) return [];
    const { number, firing, resolved } = message;
    const isFiring = firing.includes(alert_id);
    if (!isFiring && !resolved.includes(alert_id)) return [];
    const speaker = String(after?.['alert_id']);
    const words = `Message ${number} of its group ${isFiring ? 'tells of it' : 'tells that it is over'}, with ${firing.length + resolved.length - 1} more; receivers: see alert ${speaker}`;
    const ids = { alert_group_id, group_alert_id: speaker, message: number };
    return [line(at, 'grouping', 'told_in_group', words, ids)];
  });
}
