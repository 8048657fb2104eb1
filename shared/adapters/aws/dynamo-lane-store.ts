import { PutCommand } from '@aws-sdk/lib-dynamodb';

import type { LaneStore } from '#shared/ports/lane-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';
import { keys } from './dynamo-work-keys.ts';

/** Shards that were split or merged away are forgotten. */
const LANE_KEPT_MS = 86_400_000;

/** The LaneStore over the table `state`. */
export function createDynamoLaneStore(access: DynamoAccess): LaneStore {
  const TableName = access.tables.state;
  return {
    async note(lane) {
      const expires_at = Math.floor((Date.parse(lane.noted_at) + LANE_KEPT_MS) / 1000);
      const Item = { ...lane, ...keys.lane(lane.shard), expires_at };
      await sendPatiently(access, () => access.client.send(new PutCommand({ TableName, Item })));
    },
    async list() {
      const lanes = [];
      for await (const item of queryRows(access, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.lane('').pk },
        ConsistentRead: true,
      }))
        lanes.push({
          shard: item.shard as string,
          arrived_at: item.arrived_at as string,
          noted_at: item.noted_at as string,
        });
      return lanes;
    },
  };
}
