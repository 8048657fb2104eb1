import { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';

import type { QuarantineRow } from '#shared/quarantine/schema.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createAwsQuarantineStore } from './aws-quarantine-store.ts';

const openAccess = useLocalDynamo();
const open = async () =>
  createAwsQuarantineStore(await openAccess(), new S3Client({ region: 'us-east-1' }), 'store');

function row(n: number, fields: Partial<QuarantineRow> = {}): QuarantineRow {
  const at = `2026-11-23T12:00:0${n}.000Z`;
  return {
    quarantine_id: `q${n}`,
    tenant: 't1',
    reason: 'bad_json',
    detail: 'd',
    origin: 'kinesis',
    state: 'HELD',
    count: 1,
    first_seen: at,
    last_seen: at,
    size_bytes: 1,
    raw_base64: 'ew==',
    fence: { 'shardId-000000000000': '7' },
    revision: 1,
    ...fields,
  };
}

it('gives back what was put, to its tenant only', async () => {
  const store = await open();
  await store.put(row(1), 0);
  expect(await store.get('t1', 'q1')).toEqual(row(1));
  expect(await store.get('t2', 'q1')).toBeUndefined();
});

it('refuses a write that read another revision', async () => {
  const store = await open();
  await store.put(row(1), 0);
  await store.put(row(1, { count: 2, revision: 2 }), 1);
  const late = { code: 'conflict' };
  await expect(store.put(row(1, { count: 9 }), 0)).rejects.toMatchObject(late);
  await expect(store.put(row(1, { count: 9, revision: 2 }), 1)).rejects.toMatchObject(late);
  expect((await store.get('t1', 'q1'))!.count).toBe(2);
});

it('lists newest first, page by page, and says when there is no more', async () => {
  const store = await open();
  for (const n of [1, 2, 3]) await store.put(row(n), 0);
  await store.put(row(4, { tenant: 't2' }), 0);
  const first = await store.list('t1', { limit: 2 });
  expect(first.items.map(({ quarantine_id }) => quarantine_id)).toEqual(['q3', 'q2']);
  const second = await store.list('t1', { limit: 2, cursor: first.cursor! });
  expect(second).toEqual({ items: [row(1)] });
});
