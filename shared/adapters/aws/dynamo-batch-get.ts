import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { sendPatiently } from './dynamo-patience.ts';
import type { Key } from './dynamo-work-keys.ts';

/** Limit of one BatchGetItem. */
const KEYS_MAX = 100;
const ROUNDS_MAX = 8;

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

/** Whether a row is past its TTL; DynamoDB deletes it only within days, so readers look themselves. */
export function isExpired(item: Item, now: number): boolean {
  return typeof item.expires_at === 'number' && item.expires_at * 1000 <= now;
}

/**
 * Reads rows in the order of their keys, strongly consistent; absent and expired ones are undefined.
 * Unprocessed keys are asked again with jitter; throws `unavailable` when that does not help.
 */
export async function batchGet(
  access: DynamoAccess,
  table: string,
  wanted: readonly Key[],
): Promise<(Item | undefined)[]> {
  const distinct = [...new Map(wanted.map((key) => [nameOf(key), key])).values()];
  const chunks: Key[][] = [];
  for (let from = 0; from < distinct.length; from += KEYS_MAX)
    chunks.push(distinct.slice(from, from + KEYS_MAX));
  const found = new Map<string, Item>();
  await Promise.all(
    chunks.map(async (chunk) => {
      for (const item of await getChunk(access, table, chunk))
        if (!isExpired(item, access.now())) found.set(nameOf(item as unknown as Key), item);
    }),
  );
  return wanted.map((key) => found.get(nameOf(key)));
}

async function getChunk(access: DynamoAccess, table: string, chunk: Key[]): Promise<Item[]> {
  const items: Item[] = [];
  let left: Item[] = chunk as unknown as Item[];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const Keys = left;
    const answer = await sendPatiently(access, () =>
      access.client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      ),
    );
    items.push(...(answer.Responses?.[table] ?? []));
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length === 0) return items;
    await access.sleep(access.random() * 50 * 2 ** round);
  }
  throw new SentryError('unavailable', 'The database leaves keys unread.');
}
