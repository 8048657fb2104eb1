import { severityIn } from './from-cloudevents.ts';
import { fromCloudTrail, isCloudTrailRecord } from './from-cloudtrail.ts';
import {
  type Accepted,
  type Arrival,
  isObject,
  type JsonObject,
  normaliseEvent,
} from './normalise.ts';

export function isEventBridgeEnvelope(raw: JsonObject): boolean {
  return Object.hasOwn(raw, 'detail-type') && Object.hasOwn(raw, 'source');
}

/**
 * An EventBridge event (CloudWatch alarms, GuardDuty, Health, a partner's): `detail-type` becomes the
 * type, `detail` the payload, account and region labels. One that carries a CloudTrail record is that record.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export function fromEventBridge(raw: JsonObject, arrival: Arrival): Accepted {
  const detail = isObject(raw.detail) ? raw.detail : {};
  if (isCloudTrailRecord(detail)) {
    const { source, id, region } = raw;
    return fromCloudTrail(detail, arrival, { source, type: raw['detail-type'], id, region });
  }
  const labels: Record<string, string> = {};
  if (typeof raw.account === 'string') labels.account = raw.account;
  if (typeof raw.region === 'string') labels.region = raw.region;
  if (Array.isArray(raw.resources) && typeof raw.resources[0] === 'string')
    labels.resource = raw.resources[0];
  return normaliseEvent(
    {
      event_id: raw.id,
      source: raw.source,
      type: raw['detail-type'],
      timestamp: raw.time,
      severity: severityOf(detail),
      service: typeof detail.service === 'string' ? detail.service : undefined,
      labels,
      payload: raw.detail ?? {},
    },
    arrival,
  );
}

/** CloudWatch alarm states, GuardDuty's 0–10 scale, else a severity word in the detail. */
function severityOf(detail: JsonObject): string | undefined {
  const state = isObject(detail.state) ? detail.state.value : undefined;
  if (state === 'ALARM') return 'ERROR';
  if (state === 'OK') return 'INFO';
  if (state === 'INSUFFICIENT_DATA') return 'WARN';
  const { severity } = detail;
  if (typeof severity === 'number')
    return severity >= 9 ? 'CRITICAL' : severity >= 7 ? 'ERROR' : severity >= 4 ? 'WARN' : 'INFO';
  return severityIn(detail);
}
