import type { Finding } from '#shared/alert/finding.ts';
import { decideRaise, readRaiseRows } from '#shared/alert/raise.ts';
import { decideRecovery, readStanding } from '#shared/alert/recover.ts';
import { follow } from '#shared/incident/follow.ts';
import type { Context } from '#shared/kernel/context.ts';
import { digestUuid, groupKey } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

/** What the caller adds: the dead delivery, its journal entry and outbox row, and its fall-back. */
const DELIVERY_ROWS = 10;

/** Sentry's own rule about itself; it is in no rule set, because nothing arrives to be matched. */
const BROKEN_RULE = DetectionRule.parse({
  rule_id: 'sentry-notifier-broken',
  name: 'Notification channel broken',
  severity: 'ERROR',
  category: 'operational',
  pattern: { type: ['notification.broken'] },
  detector: { kind: 'match' },
  group_by: ['payload.channel'],
  title: 'Notification channel {payload.channel} is broken',
});

function findingOf(dead: Delivery, at: string): Finding {
  const { destination, delivery_key, last_error = 'no reason' } = dead;
  return {
    rule: BROKEN_RULE,
    group_key: groupKey([destination]),
    group: { channel: destination },
    title: `Notification channel ${destination} is broken: ${last_error}`,
    occurrences: 1,
    explain: {
      detector: 'match',
      summary: `A message could not be delivered: ${last_error}`,
      expected: 'every message delivered',
      observed: last_error,
    },
    events: [
      {
        event_id: digestUuid('notification.broken', delivery_key, String(dead.revision)),
        source: 'sentry.notification',
        type: 'notification.broken',
        severity: 'ERROR',
        timestamp: at,
        service: 'sentry',
        payload: { channel: destination, alert_id: dead.alert_id, error: last_error },
      },
    ],
  };
}

/**
 * The commit that opens an alert about a channel whose message died; undefined while one is open
 * already, so that there is one per channel however many messages die, and the alert about a broken
 * channel that cannot reach it either ends there. Throws `unavailable` when a store fails.
 */
export async function raiseBroken(
  ctx: Context,
  ports: { work: WorkStore; response(tenant: string): Promise<ResponseRules> },
  dead: Delivery,
): Promise<Commit | undefined> {
  const finding = findingOf(dead, new Date(ctx.now()).toISOString());
  const { group_key } = finding;
  const group = { rule_id: BROKEN_RULE.rule_id, group_key };
  const [rows = {}] = await readRaiseRows(ports.work, ctx.tenant, [group]);
  if (rows.alert !== undefined && rows.alert.state !== 'RESOLVED') return undefined;
  const response = await ports.response(ctx.tenant);
  const raised = decideRaise(rows, finding, response, ctx);
  const around = { work: ports.work, response: () => Promise.resolve(response) };
  return (await follow(around, ctx, rows.alert, raised, DELIVERY_ROWS)).commit;
}

/**
 * The commit that resolves the alert about a channel, because a message that had died there was
 * delivered after all; undefined while none is open. Throws `unavailable` when a store fails.
 */
export async function clearBroken(
  ctx: Context,
  { work }: { work: WorkStore },
  { destination }: Delivery,
): Promise<Commit | undefined> {
  const group = { rule_id: BROKEN_RULE.rule_id, group_key: groupKey([destination]) };
  const [rows = {}] = await readRaiseRows(work, ctx.tenant, [group]);
  const standing = await readStanding(work, ctx.tenant, rows);
  const decided = decideRecovery(standing, 'a message that had died was delivered', ctx);
  return decided && (await follow({ work }, ctx, standing?.alert, decided, DELIVERY_ROWS)).commit;
}
