import { PutCommand } from '@aws-sdk/lib-dynamodb';

import { censusExpiry } from '#shared/detection/series.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { SeriesCensusStore } from '#shared/ports/series-census-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { batchGet } from './dynamo-batch-get.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { keys } from './dynamo-work-keys.ts';

/** The SeriesCensusStore over the table `state`. */
export function createDynamoSeriesCensusStore(access: DynamoAccess): SeriesCensusStore {
  const TableName = access.tables.state;
  return {
    async get(tenant, weeks) {
      const wanted = weeks.map((week) => keys.census(tenant, week));
      const items = await batchGet(access, TableName, wanted);
      return items.map(
        (item) =>
          item && {
            tenant: item.tenant as string,
            week: item.week as number,
            sketch: item.sketch as Uint8Array,
            revision: item.revision as number,
          },
      );
    },
    async put(census, expected) {
      const command = new PutCommand({
        TableName,
        Item: {
          ...census,
          ...keys.census(census.tenant, census.week),
          expires_at: Math.floor(censusExpiry(census) / 1000),
        },
        ConditionExpression: expected === 0 ? 'attribute_not_exists(pk)' : 'revision = :expected',
        ...(expected > 0 && { ExpressionAttributeValues: { ':expected': expected } }),
      });
      try {
        await sendPatiently(access, () => access.client.send(command));
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
        throw new SentryError('conflict', 'Someone else counted meanwhile.', { cause: error });
      }
    },
  };
}
