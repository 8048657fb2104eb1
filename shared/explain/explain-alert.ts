import { requireScope } from '#shared/access/scope.ts';
import { getAlert } from '#shared/alert/list.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { isGrouped } from '#shared/grouping/group-of.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';

import { beforeStepLines } from './before-step.ts';
import { deliveryLines } from './delivery-lines.ts';
import { entryLines } from './entry-lines.ts';
import { groupLines } from './group-lines.ts';
import { incidentLines } from './incident-lines.ts';
import { inOrder, line } from './line.ts';
import { readEntries } from './read-entries.ts';
import { ruleLines } from './rule-lines.ts';
import type { Explained } from './schema.ts';
import { verdictOf } from './verdict.ts';

export interface ExplainAlertPorts {
  work: WorkStore;
  journal: JournalStore;
  rules: Pick<RuleStore, 'versions'>;
  policies: Pick<DocumentStore<EscalationPolicy>, 'versions'>;
}

/**
 * Why an alert is there and why people were told of it or were not, from what its commits stored when
 * they decided; nothing of the past is decided again. Needs sentry.alert.read; throws `not_found`,
 * `unavailable`.
 */
export async function explainAlert(
  ports: ExplainAlertPorts,
  ctx: Context,
  alertId: string,
): Promise<Explained> {
  requireScope(ctx, 'sentry.alert.read');
  const alert = await getAlert(ports, ctx, alertId);
  const [{ entries, truncated }, deliveries, fromRule, fromIncident, fromGroup] = await Promise.all(
    [
      readEntries(ports.journal, ctx.tenant, { kind: 'alert', id: alertId }),
      ports.work.listDeliveries(ctx.tenant, alertId),
      ruleLines(ports.rules, alert),
      incidentLines(ports.journal, alert),
      groupLines(ports.journal, alert),
    ],
  );
  const lines = inOrder([
    ...fromRule,
    ...entries.flatMap(entryLines),
    ...fromIncident,
    ...fromGroup,
    // The steps of an alert that its group tells of are the group's.
    ...(isGrouped(alert) ? [] : await beforeStepLines(ports.policies, ctx.tenant, entries)),
    ...deliveryLines(deliveries),
    ...countLines(alert),
  ]);
  const { outcome, sentence } = verdictOf(lines);
  return {
    subject: { kind: 'alert', id: alertId },
    outcome,
    sentence,
    lines,
    truncated,
    alert_id: alertId,
  };
}

/** What came after the event that opened it: counted, and told to nobody anew. */
function countLines({ count, count_approximate, last_seen, updated_at, event_id }: Alert) {
  if (count < 2) return [];
  const exact = count_approximate
    ? 'about: it outgrew the exact search for duplicates'
    : 'each counted once';
  const words = `${count} matching events so far, the newest of ${last_seen} (${exact})`;
  const ids = { event_id, count };
  return [line(updated_at, 'dedup', 'counted_on_open_alert', words, ids)];
}
