import type { Alert } from '#shared/alert/schema.ts';
import { alertLine } from '#shared/live/line.ts';
import {
  type AlertLine,
  DeliveryLine,
  FeedFrame,
  type FrameItem,
  type RecoverableTopic,
  RuleLine,
} from '#shared/live/schema.ts';

/** A DynamoDB stream batch, as far as it is read here. */
export interface StreamEvent {
  Records: readonly {
    dynamodb?: {
      SequenceNumber?: string;
      NewImage?: Record<string, { S?: string } | undefined>;
    };
  }[];
}

/** What a batch has to tell the viewers of one tenant. */
export interface TenantNews {
  items: Record<RecoverableTopic, FrameItem[]>;
  feed: FeedFrame[];
  /** Something was announced, not only counted up or sampled. */
  urgent: boolean;
}

const ROW = /^T#([a-z0-9][a-z0-9-]{0,63})#(?:TOUCH|FEED)$/;

/**
 * Sorts a batch by tenant: alerts of outbox and touch rows (the newest revision of each), deliveries
 * and rules of outbox rows, feed frames. A row that cannot be read is told to `warn` and left out: it
 * would be as unreadable the next time.
 */
export function readBatch(
  event: StreamEvent,
  warn: (what: string, detail: Record<string, unknown>) => void,
): Map<string, TenantNews> {
  const news = new Map<string, TenantNews>();
  const alerts = new Map<string, Map<string, AlertLine>>();
  for (const { dynamodb } of event.Records) {
    const image = dynamodb?.NewImage;
    if (!image) continue;
    try {
      readRow(image, newsOf, (tenant, alert) => keepNewest(alerts, tenant, alert));
    } catch (error) {
      warn('row for the live view unreadable', { sequence: dynamodb.SequenceNumber, error });
    }
  }
  for (const [tenant, newest] of alerts) newsOf(tenant).items.alerts.push(...newest.values());
  return news;

  function newsOf(tenant: string): TenantNews {
    const found = news.get(tenant) ?? {
      items: { alerts: [], deliveries: [], rules: [] },
      feed: [],
      urgent: false,
    };
    news.set(tenant, found);
    return found;
  }
}

type Image = Record<string, { S?: string } | undefined>;

function readRow(
  image: Image,
  newsOf: (tenant: string) => TenantNews,
  onAlert: (tenant: string, alert: Alert) => void,
): void {
  const envelope = image['envelope_json']?.S;
  if (envelope !== undefined) {
    const tenant = image['tenant']?.S;
    if (tenant === undefined) throw new TypeError('an outbox row without tenant');
    const { payload } = JSON.parse(envelope) as { payload: Record<string, unknown> };
    newsOf(tenant).urgent = true;
    if (isAlert(payload['alert'])) onAlert(tenant, payload['alert']);
    if (payload['delivery'])
      newsOf(tenant).items.deliveries.push(DeliveryLine.parse(payload['delivery']));
    if (payload['rule']) newsOf(tenant).items.rules.push(RuleLine.parse(payload['rule']));
    return;
  }
  const tenant = ROW.exec(image['pk']?.S ?? '')?.[1];
  if (tenant === undefined) throw new TypeError('a row of no tenant');
  const alert = image['alert_json']?.S;
  if (alert !== undefined) return onAlert(tenant, JSON.parse(alert) as Alert);
  const frame = image['frame_json']?.S;
  if (frame !== undefined) newsOf(tenant).feed.push(FeedFrame.parse(JSON.parse(frame)));
}

/** A whole alert; an envelope may carry only its id, as a hint to a notifier. */
function isAlert(value: unknown): value is Alert {
  return typeof value === 'object' && value !== null && 'revision' in value && 'group_key' in value;
}

function keepNewest(
  alerts: Map<string, Map<string, AlertLine>>,
  tenant: string,
  alert: Alert,
): void {
  const newest = alerts.get(tenant) ?? new Map<string, AlertLine>();
  alerts.set(tenant, newest);
  const held = newest.get(alert.alert_id);
  if (!held || held.revision < alert.revision) newest.set(alert.alert_id, alertLine(alert));
}
