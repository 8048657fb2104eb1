import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

import type { Instance } from '#infra/local/instance.ts';
import type { OutboxMessage } from '#infra/local/outbox/message.ts';
import { DEAD_LETTERS, TABLES } from '#infra/topology.ts';
import { CANARY_TENANT } from '#shared/canary/schema.ts';

import { awsSettings } from './producer.ts';

type Row = Record<string, unknown>;

/** An alert as far as no order of arrival may change it. */
export interface AlertSnapshot {
  tenant: string;
  alert_id: string;
  rule_id: string;
  group: string[];
  state: string;
  count: number;
  severity: string;
  episode: number;
}

/** Which incident an alert is of; which one that is depends on what came first. */
export interface MemberSnapshot {
  tenant: string;
  alert_id: string;
  rule_id: string;
  state: string;
  severity: string;
  incident_id: string | undefined;
}

export interface IncidentSnapshot {
  tenant: string;
  incident_id: string;
  status: string;
  alert_count: number;
  open_count: number;
  escalation_level: number;
}

/** A message that left, by what its receiver tells repetitions apart. */
export interface MessageSnapshot {
  channel: string;
  alert_id: string | undefined;
  /** Dedup key and action (PagerDuty), idempotency key (webhook); absent where the channel has none. */
  key: string | undefined;
  status: number;
}

export interface QuarantineSnapshot {
  tenant: string;
  reason: string;
  count: number;
}

/** Everything a run left behind. */
export interface Snapshot {
  alerts: AlertSnapshot[];
  incidents: IncidentSnapshot[];
  members: MemberSnapshot[];
  deliveries: { delivery_key: string; status: string; owed: boolean; attempts: number }[];
  messages: MessageSnapshot[];
  quarantine: QuarantineSnapshot[];
  /** Outbox rows nobody published. */
  unpublished: number;
  /** Messages in dead-letter queues, by queue. */
  dead_letters: Record<string, number>;
}

/** Reads all of it through the AWS API of the instance. */
export async function takeSnapshot(instance: Instance): Promise<Snapshot> {
  const rows = await scanTable(instance.url, TABLES.work.name);
  const of = (sk: string) => rows.filter((row) => String(row['sk']).startsWith(sk));
  const depths = DEAD_LETTERS.map(
    (queue) => [queue, Object.values(instance.services.sqs.depth(queue)).reduce(sum, 0)] as const,
  );
  return {
    alerts: of('ALERT')
      .map(readAlert)
      .sort(by(({ tenant, alert_id }) => `${tenant} ${alert_id}`)),
    incidents: of('INCIDENT') as unknown as IncidentSnapshot[],
    members: of('ALERT') as unknown as MemberSnapshot[],
    deliveries: of('DELIVERY#')
      .map((row) => ({
        delivery_key: String(row['delivery_key']),
        status: String(row['status']),
        owed: row['next_attempt_at'] !== undefined,
        attempts: Number(row['attempts']),
      }))
      .sort(by(({ delivery_key }) => delivery_key)),
    messages: instance.outbox.list({ limit: 20_000 }).flatMap(readMessages),
    quarantine: of('QUARANTINE')
      .map((row) => ({
        tenant: String(row['tenant']),
        reason: String(row['reason']),
        count: Number(row['count']),
      }))
      .sort(by(({ tenant, reason }) => `${tenant} ${reason}`)),
    unpublished: await countUnpublished(instance.url),
    dead_letters: Object.fromEntries(depths.filter(([, depth]) => depth > 0)),
  };
}

export async function countUnpublished(url: string): Promise<number> {
  const rows = await scanTable(url, TABLES.journal.name, 'pk');
  // A canary comes by each minute, whatever else there is.
  const canaries = `OUTBOX#${CANARY_TENANT}#`;
  return rows.filter(
    ({ pk }) => String(pk).startsWith('OUTBOX#') && !String(pk).startsWith(canaries),
  ).length;
}

/** How many deliveries owe something. */
export async function countOwed(url: string): Promise<number> {
  const rows = await scanTable(url, TABLES.work.name, 'sk, next_attempt_at');
  return rows.filter(
    (row) => String(row['sk']).startsWith('DELIVERY#') && row['next_attempt_at'] !== undefined,
  ).length;
}

export async function scanTable(url: string, table: string, fields?: string): Promise<Row[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(url)));
  const rows: Row[] = [];
  try {
    let start: Row | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          ...(fields && { ProjectionExpression: fields }),
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      rows.push(...Items);
      start = LastEvaluatedKey;
    } while (start);
  } finally {
    client.destroy();
  }
  return rows;
}

function readAlert(row: Row): AlertSnapshot {
  const { group } = JSON.parse(String(row['parts_json'])) as { group: Record<string, string> };
  const { tenant, alert_id, rule_id, state, count, severity, episode } = row as Row & AlertSnapshot;
  return {
    tenant,
    alert_id,
    rule_id,
    group: Object.values(group),
    state,
    count,
    severity,
    episode,
  };
}

/** A message once for each alert it tells of: a digest names several, each by its id. */
function readMessages(message: OutboxMessage): MessageSnapshot[] {
  const { channel, alert_id, dedup_key, status, body_json, text } = message;
  const action = (body_json as { event_action?: string } | undefined)?.event_action;
  const key = channel === 'pagerduty' ? `${dedup_key}|${action}` : dedup_key;
  const own = { channel, alert_id, key, status };
  if (channel !== 'slack' && channel !== 'email') return [own];
  const words = `${text ?? ''} ${JSON.stringify(body_json ?? '')}`;
  const named = new Set([...words.matchAll(/\balert ([a-z2-7]{26})\b/giu)].map(([, id]) => id!));
  return named.size === 0 ? [own] : [...named].map((id) => ({ ...own, alert_id: id }));
}

const sum = (a: number, b: number) => a + b;

function by<T>(name: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (name(a) < name(b) ? -1 : Number(name(a) > name(b)));
}
