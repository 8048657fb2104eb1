import type { Alert } from '#shared/alert/schema.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { line } from './line.ts';
import { readEntries } from './read-entries.ts';
import type { ExplainLine } from './schema.ts';

const WORDS: Readonly<Record<string, string>> = {
  'incident.open': 'It made incident',
  'incident.join': 'It joined incident',
  'incident.reopen': 'It opened again incident',
};

/**
 * How an alert came to its incident, by the incident's own journal; where that does not say, that it
 * belongs to it. Throws `unavailable`.
 */
export async function incidentLines(
  journal: Pick<JournalStore, 'listEntries'>,
  { tenant, alert_id, incident_id, created_at }: Alert,
): Promise<ExplainLine[]> {
  if (incident_id === undefined) return [];
  const subject = { kind: 'incident', id: incident_id } as const;
  const { entries } = await readEntries(journal, tenant, subject);
  const lines = entries.flatMap(({ action, at, after }): ExplainLine[] => {
    const said = Object.hasOwn(WORDS, action) ? WORDS[action] : undefined;
    if (said === undefined || after?.['alert_id'] !== alert_id) return [];
    return [line(at, 'incident', 'joined_incident', `${said} ${incident_id}`, { incident_id })];
  });
  if (lines.length > 0) return lines;
  const words = `It belongs to incident ${incident_id}`;
  return [line(created_at, 'incident', 'joined_incident', words, { incident_id })];
}
