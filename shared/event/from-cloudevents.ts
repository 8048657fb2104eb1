import { digestUuid } from '#shared/kernel/id.ts';
import { parseSeverity } from '#shared/kernel/severity.ts';

import {
  type Accepted,
  type Arrival,
  EventFault,
  isObject,
  type JsonObject,
  normaliseEvent,
} from './normalise.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isCloudEvent(raw: JsonObject): boolean {
  return Object.hasOwn(raw, 'specversion');
}

/**
 * CloudEvents 1.0, structured JSON. (source, id) is the event's identity, so an id that is no UUID is
 * joined with its source. Severity, service and category come from extension attributes or the data.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function fromCloudEvent(raw: JsonObject, arrival: Arrival): Accepted {
  if (raw.specversion !== '1.0')
    throw new EventFault('bad_specversion', 'only CloudEvents specversion "1.0" is read');
  const { id, source } = raw;
  if (typeof id !== 'string' || id === '')
    throw new EventFault('missing_field', 'a CloudEvent needs "id"');
  if (typeof source !== 'string' || source === '')
    throw new EventFault('missing_field', 'a CloudEvent needs "source"');
  const data = dataOf(raw);
  const inData = isObject(data) ? data : {};
  return normaliseEvent(
    {
      event_id: UUID.test(id) ? id : digestUuid(arrival.tenant, source, id),
      message_id: id.slice(0, 256),
      source,
      type: raw.type,
      timestamp: raw.time,
      severity: raw.severity ?? severityIn(inData),
      service: raw.service ?? (typeof inData.service === 'string' ? inData.service : undefined),
      category: raw.category,
      labels: typeof raw.subject === 'string' ? { subject: raw.subject } : undefined,
      payload: data,
    },
    arrival,
  );
}

function dataOf(raw: JsonObject): unknown {
  if (typeof raw.data_base64 === 'string') {
    const bytes = Buffer.from(raw.data_base64, 'base64');
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return { base64: raw.data_base64 };
    }
  }
  return raw.data ?? {};
}

/** A severity word inside foreign data, when it is one of ours; anything else is not an error there. */
export function severityIn(data: JsonObject): string | undefined {
  for (const key of ['severity', 'level'])
    if (Object.hasOwn(data, key) && parseSeverity(data[key])) return data[key] as string;
  return undefined;
}
