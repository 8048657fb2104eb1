import { PutCommand } from '@aws-sdk/lib-dynamodb';

import {
  CANARY_TENANT,
  type CanaryEar,
  type CanarySighting,
  type CanarySightings,
} from '#shared/canary/schema.ts';
import type { CanaryStore } from '#shared/ports/canary-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';
import { keys } from './dynamo-work-keys.ts';

const FIRST = 'first';
/** The one partition of all canaries. */
export const CANARY_PARTITION = keys.subject(CANARY_TENANT, 'CANARY', 'path');

/** The CanaryStore over the table `state`. */
export function createDynamoCanaryStore(access: DynamoAccess): CanaryStore {
  const TableName = access.tables.state;
  const pk = CANARY_PARTITION;

  async function note(
    name: string,
    sighting: Partial<CanarySighting> & { sent_at: string },
    condition: string,
  ): Promise<void> {
    const command = new PutCommand({
      TableName,
      Item: { pk, sk: name, ...sighting },
      ConditionExpression: condition,
      ...(condition.includes(':sent') && {
        ExpressionAttributeValues: { ':sent': sighting.sent_at },
      }),
    });
    try {
      await sendPatiently(access, () => access.client.send(command));
    } catch (error) {
      if (judge(error).kind !== 'lost') throw error;
    }
  }

  return {
    begin: (sentAt) => note(FIRST, { sent_at: sentAt }, 'attribute_not_exists(pk)'),
    hear: (ear, sighting) => note(ear, sighting, 'attribute_not_exists(pk) OR sent_at < :sent'),
    async read() {
      const sightings: CanarySightings = { heard: {} };
      for await (const { sk, sent_at, heard_at } of queryRows(access, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      }))
        if (sk === FIRST) sightings.first = String(sent_at);
        else
          sightings.heard[sk as CanaryEar] = {
            sent_at: String(sent_at),
            heard_at: String(heard_at),
          };
      return sightings;
    },
  };
}
