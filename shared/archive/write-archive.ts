import { gzipSync } from 'node:zlib';

import { tenantOfKey } from '#shared/event/tenant-key.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

/** One record as it came off the stream. */
export interface ArchivedRecord {
  shard: string;
  sequence: string;
  partition_key: string;
  /** Milliseconds since the epoch. */
  arrived_at_ms: number;
  data: Uint8Array;
}

/** Level 6 costs four times level 1 for 8 % less; the archive is written on the way of live traffic. */
const GZIP_LEVEL = 1;

/**
 * Writes a batch as gzip NDJSON, one object per tenant and hour of arrival, named by shard and sequence
 * range so that a retry overwrites itself. Each line: shard, sequence, key, arrived_at, data (base64),
 * enough to replay the record exactly. Records with a forged tenant key go to the tenant `_forged`.
 */
export async function writeArchive(
  records: readonly ArchivedRecord[],
  options: { signingKey: string; defaultTenant: string; archive: EventArchive },
): Promise<void> {
  const groups = new Map<string, ArchivedRecord[]>();
  for (const record of records) {
    const prefix = `${tenantOf(record, options)}/${hourPath(record.arrived_at_ms)}/${record.shard}`;
    const group = groups.get(prefix);
    if (group) group.push(record);
    else groups.set(prefix, [record]);
  }
  for (const [prefix, group] of groups) {
    const lines = group.map((record) =>
      JSON.stringify({
        shard: record.shard,
        sequence: record.sequence,
        key: record.partition_key,
        arrived_at: new Date(record.arrived_at_ms).toISOString(),
        data: Buffer.from(record.data).toString('base64'),
      }),
    );
    const objectKey = `archive/${prefix}-${group[0]!.sequence}-${group.at(-1)!.sequence}.ndjson.gz`;
    await options.archive.put(objectKey, gzipSync(`${lines.join('\n')}\n`, { level: GZIP_LEVEL }));
  }
}

function tenantOf(
  record: ArchivedRecord,
  options: { signingKey: string; defaultTenant: string },
): string {
  const tenant = tenantOfKey(options.signingKey, record.partition_key, record.data);
  if (tenant.kind === 'signed') return tenant.tenant;
  return tenant.kind === 'unsigned' ? options.defaultTenant : '_forged';
}

/** `2026/11/23/07`, UTC. */
function hourPath(at: number): string {
  return new Date(at).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/');
}
