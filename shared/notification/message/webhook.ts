import { createHmac } from 'node:crypto';

import type { Notice } from '#shared/ports/channel-sender.ts';

import { clip } from './text.ts';

/** Largest body in bytes; beyond it the evidence stays behind the link. */
const BODY_BYTES_MAX = 256 * 1024;

const TYPES = {
  trigger: 'sentry.alert.opened',
  acknowledge: 'sentry.alert.acknowledged',
  resolve: 'sentry.alert.resolved',
} as const;

/** The value with every text and name well-formed: a lone surrogate makes JSON that strict parsers refuse. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const parts = Object.entries(value).map(([name, part]) => [
    name.toWellFormed(),
    wellFormed(part),
  ]);
  return Object.fromEntries(parts);
}

/**
 * A CloudEvents 1.0 event in structured JSON. Its `id` is the idempotency key and its time that of
 * the change, so a repetition is the same event; a second opening is `sentry.alert.reopened`.
 */
export function renderWebhook(notice: Notice): string {
  const { alert, intent, delivery } = notice;
  const again = intent === 'trigger' && delivery.desired_at !== delivery.created_at;
  const isUpdate = intent === 'trigger' && delivery.message !== undefined;
  const event = (data: unknown) =>
    JSON.stringify(
      wellFormed({
        specversion: '1.0',
        id: notice.idempotency_key,
        source: `/sentry/${encodeURIComponent(alert.tenant.toWellFormed())}`,
        type: isUpdate ? 'sentry.alert.updated' : again ? 'sentry.alert.reopened' : TYPES[intent],
        subject: alert.alert_id,
        time: delivery.desired_at,
        datacontenttype: 'application/json',
        data,
      }),
    );
  const members = membersOf(notice);
  const full = event({ alert, link: notice.link, ...members });
  if (Buffer.byteLength(full) <= BODY_BYTES_MAX) return full;
  const { alert_id, incident_id, tenant, state, severity, created_at, count, version } = alert;
  const named = { alert_id, incident_id, tenant, state, severity, created_at, count, version };
  const texts = {
    rule_id: clip(alert.rule_id, 64),
    title: clip(alert.title, 1024),
    service: clip(alert.service, 256),
  };
  return event({ alert: { ...named, ...texts }, link: notice.link, ...members, truncated: true });
}

/** The alerts of a group by what tells them apart; their evidence is behind the links. */
function membersOf({ members }: Notice): { members?: unknown } {
  if (members === undefined) return {};
  const named = (list: typeof members.firing) =>
    list.map(({ alert, link }) => ({
      alert_id: alert.alert_id,
      rule_id: clip(alert.rule_id, 64),
      title: clip(alert.title, 256),
      service: clip(alert.service, 256),
      severity: alert.severity,
      state: alert.state,
      link,
    }));
  const { firing, resolved } = members;
  return { members: { ...members, firing: named(firing), resolved: named(resolved) } };
}

/** `v1=` and the hex HMAC-SHA256 of `v1:<timestamp>:<body>`; the timestamp in Unix seconds. */
export function signWebhook(key: string, timestamp: number, body: string): string {
  return `v1=${createHmac('sha256', key).update(`v1:${timestamp}:${body}`).digest('hex')}`;
}
