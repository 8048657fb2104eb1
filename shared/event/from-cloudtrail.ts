import {
  type Accepted,
  type Arrival,
  isObject,
  type JsonObject,
  normaliseEvent,
} from './normalise.ts';

/** How EventBridge names the same records; what stands nowhere here is an API call. */
const DETAIL_TYPES: Readonly<Record<string, string>> = {
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsConsoleAction: 'AWS Console Action via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
  AwsCloudTrailInsight: 'AWS Insight via CloudTrail',
};
const API_CALL = 'AWS API Call via CloudTrail';
const AWS_DOMAIN = '.amazonaws.com';

/** What an envelope around the record says of it; without one it is told by the record itself. */
interface Envelope {
  source?: unknown;
  type?: unknown;
  /** The envelope's own id, kept as `message_id`. */
  id?: unknown;
  region?: unknown;
}

/** Other services' notifications also have `eventName` and `eventSource`, but there it is no domain. */
export function isCloudTrailRecord(raw: JsonObject): boolean {
  return (
    Object.hasOwn(raw, 'eventName') &&
    Object.hasOwn(raw, 'eventSource') &&
    !Object.hasOwn(raw, 'source') &&
    typeof raw.eventSource === 'string' &&
    raw.eventSource.includes(AWS_DOMAIN)
  );
}

/** A log file as CloudTrail writes it to S3: its records under one key. */
export function isCloudTrailLog(raw: JsonObject): raw is JsonObject & { Records: unknown[] } {
  const records = raw.Records;
  return Array.isArray(records) && isObject(records[0]) && isCloudTrailRecord(records[0]);
}

/**
 * A CloudTrail record, whichever way it came: `payload` is the record as it is, `event_id` its `eventID`
 * (so that the log file and EventBridge count as one), `source` and `type` what EventBridge calls them,
 * account and region labels.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function fromCloudTrail(
  record: JsonObject,
  arrival: Arrival,
  envelope: Envelope = {},
): Accepted {
  const { eventID, eventSource, eventTime, eventType, recipientAccountId, userIdentity } = record;
  const labels: Record<string, string> = {};
  const account = recipientAccountId ?? (isObject(userIdentity) ? userIdentity.accountId : null);
  if (typeof account === 'string') labels.account = account;
  const region = record.awsRegion ?? envelope.region;
  if (typeof region === 'string') labels.region = region;
  return normaliseEvent(
    {
      event_id: typeof eventID === 'string' ? eventID : envelope.id,
      message_id: envelope.id,
      source: envelope.source ?? `aws.${serviceOf(String(eventSource))}`,
      type: envelope.type ?? typeOf(eventType),
      timestamp: eventTime,
      category: 'audit',
      labels,
      payload: record,
    },
    arrival,
  );
}

/** `iam` of `iam.amazonaws.com`. */
function serviceOf(eventSource: string): string {
  return eventSource.slice(0, eventSource.indexOf(AWS_DOMAIN));
}

function typeOf(eventType: unknown): string {
  return typeof eventType === 'string' && Object.hasOwn(DETAIL_TYPES, eventType)
    ? DETAIL_TYPES[eventType]!
    : API_CALL;
}
