import { severityIn } from './from-cloudevents.ts';
import { fromCloudTrail, isCloudTrailRecord } from './from-cloudtrail.ts';
import {
  type Accepted,
  type Arrival,
  EventFault,
  isObject,
  type JsonObject,
  normaliseEvent,
} from './normalise.ts';

export function isLogsSubscription(raw: JsonObject): boolean {
  return Object.hasOwn(raw, 'messageType') && Object.hasOwn(raw, 'logEvents');
}

/** One log line of a subscription, or the fault that keeps it out; `raw` is the line's own JSON. */
export type LogLine =
  { kind: 'ok'; accepted: Accepted } | { kind: 'fault'; fault: EventFault; raw: unknown };

/**
 * A CloudWatch Logs subscription message; the log event's `id` is its idempotency key. A line that is
 * itself a native event (JSON with `source` and `type`) or a CloudTrail record is taken as one. Control messages give nothing.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function fromLogsSubscription(raw: JsonObject, arrival: Arrival): LogLine[] {
  if (raw.messageType === 'CONTROL_MESSAGE') return [];
  if (raw.messageType !== 'DATA_MESSAGE' || !Array.isArray(raw.logEvents))
    throw new EventFault(
      'bad_logs_subscription',
      'messageType must be DATA_MESSAGE with a list of logEvents',
    );
  const group = typeof raw.logGroup === 'string' ? raw.logGroup : 'unknown';
  const stream = typeof raw.logStream === 'string' ? raw.logStream : '';
  return raw.logEvents.map((line: unknown): LogLine => {
    try {
      return { kind: 'ok', accepted: fromLogLine(line, group, stream, arrival) };
    } catch (error) {
      if (!(error instanceof EventFault)) throw error;
      return { kind: 'fault', fault: error, raw: line };
    }
  });
}

function fromLogLine(line: unknown, group: string, stream: string, arrival: Arrival): Accepted {
  if (!isObject(line) || typeof line.message !== 'string')
    throw new EventFault('bad_log_event', 'a log event has a "message"');
  const id =
    typeof line.id === 'string' && line.id !== '' ? `logs-${line.id}`.slice(0, 128) : undefined;
  const message = parsed(line.message);
  if (message && typeof message.source === 'string' && typeof message.type === 'string')
    return normaliseEvent(
      {
        ...message,
        event_id: message.event_id ?? id,
        timestamp: message.timestamp ?? line.timestamp,
      },
      arrival,
    );
  if (message && isCloudTrailRecord(message)) return fromCloudTrail(message, arrival, { id });
  return normaliseEvent(
    {
      event_id: id,
      source: 'aws.logs',
      type: 'log.line',
      timestamp: line.timestamp,
      severity: message ? severityIn(message) : undefined,
      service: message && typeof message.service === 'string' ? message.service : undefined,
      labels: { log_group: group, log_stream: stream },
      payload: message ?? { message: line.message },
    },
    arrival,
  );
}

function parsed(message: string): JsonObject | undefined {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
