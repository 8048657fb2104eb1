import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';

/** The idempotency store on the table `state`; `until` is the exact end, TTL only tidies up. */
export function createDynamoIdempotencyStore(access: DynamoAccess): IdempotencyStore {
  const TableName = access.tables.state;
  const { client } = access;
  const keyOf = (tenant: string, key: string) => ({
    pk: `T#${tenant}#IDEMPOTENCY#${key}`,
    sk: 'REQUEST',
  });
  return {
    async claim(tenant, key, { fingerprint, now, claimUntil }) {
      const Key = keyOf(tenant, key);
      try {
        await sendPatiently(access, () =>
          client.send(
            new PutCommand({
              TableName,
              Item: { ...Key, fingerprint, ends_at: claimUntil, expires_at: seconds(claimUntil) },
              ConditionExpression: 'attribute_not_exists(pk) OR ends_at <= :now',
              ExpressionAttributeValues: { ':now': now },
            }),
          ),
        );
        return { kind: 'claimed' };
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
      }
      const found = await sendPatiently(access, () =>
        client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
      );
      const held = String(found.Item?.['fingerprint'] ?? fingerprint);
      const response = found.Item?.['response_json'] as string | undefined;
      return response === undefined
        ? { kind: 'running', fingerprint: held }
        : { kind: 'done', fingerprint: held, response_json: response };
    },
    async finish(tenant, key, { fingerprint, response_json, expiresAt }) {
      const Item = {
        ...keyOf(tenant, key),
        fingerprint,
        response_json,
        ends_at: expiresAt,
        expires_at: seconds(expiresAt),
      };
      await sendPatiently(access, () => client.send(new PutCommand({ TableName, Item })));
    },
    async forget(tenant, key) {
      await sendPatiently(access, () =>
        client.send(new DeleteCommand({ TableName, Key: keyOf(tenant, key) })),
      );
    },
  };
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
