import { decodeRecord } from '#shared/event/decode.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { tenantOfKey } from '#shared/event/tenant-key.ts';
import type { Refused } from '#shared/quarantine/schema.ts';

/** One record of the events stream as Lambda hands it over. */
export interface StreamRecord {
  shard: string;
  sequence: string;
  partition_key: string;
  bytes: Uint8Array;
  arrived_at_ms: number;
}

/** One event of the batch, with the place in the stream it came from. */
export interface StreamEvent {
  tenant: string;
  record: StreamRecord;
  event: EventRecord;
  /** The event's `timestamp`, in ms. */
  at: number;
  stated_at: number;
}

/** Everything the records of a batch held. */
interface ReadBatch {
  events: StreamEvent[];
  refused: Refused[];
}

/** Whose a record is when its partition key is not signed, and the key that checks the signed ones. */
export interface Tenancy {
  default_tenant: string;
  signing_key: string;
}

/** Decodes a batch. What cannot be read, or claims a tenant it may not, is refused; its neighbours stay. */
export function readRecords(records: readonly StreamRecord[], tenancy: Tenancy): ReadBatch {
  const read: ReadBatch = { events: [], refused: [] };
  for (const record of records) {
    const owner = tenantOfKey(tenancy.signing_key, record.partition_key, record.bytes);
    const tenant = owner.kind === 'signed' ? owner.tenant : tenancy.default_tenant;
    if (owner.kind === 'forged') {
      refuse(read, tenant, record, 'tenant_signature', owner.detail, record.bytes);
      continue;
    }
    const { arrived_at_ms } = record;
    const { events, rejects } = decodeRecord(record.bytes, { tenant, arrived_at_ms });
    for (const { event, at, stated_at } of events)
      read.events.push({ tenant, record, event, at, stated_at });
    for (const { reason, detail, raw } of rejects)
      refuse(read, tenant, record, reason, detail, raw);
  }
  return read;
}

function refuse(
  { refused }: ReadBatch,
  tenant: string,
  { shard, sequence }: StreamRecord,
  reason: string,
  detail: string,
  raw: Uint8Array,
): void {
  refused.push({ tenant, origin: 'kinesis', reason, detail, raw, shard, sequence });
}
