/** Where a tenant's records of one hour lie, by their arrival (ms since the epoch, UTC): `archive/<tenant>/2026/11/23/07/`. */
export function hourPrefix(tenant: string, at: number): string {
  const hour = new Date(at).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/');
  return `archive/${tenant}/${hour}/`;
}

/** The key of one object: the records of a shard from the first sequence number to the last. */
export function archiveKey(
  tenant: string,
  at: number,
  part: { shard: string; first: string; last: string },
): string {
  return `${hourPrefix(tenant, at)}${part.shard}-${part.first}-${part.last}.ndjson.gz`;
}

const NAME = /([^/]+)-(\d+)-(\d+)\.ndjson\.gz$/;

/** Shard and sequence range of an object; undefined for a key that is not the archive's. */
export function readArchiveKey(
  key: string,
): { shard: string; first: string; last: string } | undefined {
  const [, shard, first, last] = NAME.exec(key) ?? [];
  return shard !== undefined && first !== undefined && last !== undefined
    ? { shard, first, last }
    : undefined;
}
