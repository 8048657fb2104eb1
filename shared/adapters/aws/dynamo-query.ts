import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { isExpired } from './dynamo-batch-get.ts';
import { sendPatiently } from './dynamo-patience.ts';

/** All rows of a query in its order, page after page as they are taken, without expired ones. */
export async function* queryRows(
  access: DynamoAccess,
  input: QueryCommandInput,
): AsyncGenerator<Item, undefined> {
  let start: Item | undefined;
  do {
    const ExclusiveStartKey = start;
    const answer = await sendPatiently(access, () =>
      access.client.send(
        new QueryCommand({ ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
      ),
    );
    for (const item of answer.Items ?? []) if (!isExpired(item, access.now())) yield item;
    start = answer.LastEvaluatedKey;
  } while (start);
}

/** The first `limit` rows of a query. */
export async function takeRows(
  access: DynamoAccess,
  input: QueryCommandInput,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  if (limit <= 0) return items;
  for await (const item of queryRows(access, { Limit: limit, ...input })) {
    items.push(item);
    if (items.length === limit) break;
  }
  return items;
}
