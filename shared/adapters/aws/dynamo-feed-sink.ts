import { PutCommand } from '@aws-sdk/lib-dynamodb';

import type { FeedSink } from '#shared/ports/feed-sink.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { sendPatiently } from './dynamo-patience.ts';

/** Feed rows only carry a frame to the live table's stream. */
const FEED_KEPT_MS = 5 * 60_000;

/** The FeedSink over the table `live`. */
export function createDynamoFeedSink(access: DynamoAccess): FeedSink {
  return {
    async put(tenant, shard, sequence, frame) {
      const command = new PutCommand({
        TableName: access.tables.live,
        Item: {
          pk: `T#${tenant}#FEED`,
          sk: `FEED#${frame.at}#${shard}#${sequence}`,
          frame_json: JSON.stringify(frame),
          expires_at: Math.floor((access.now() + FEED_KEPT_MS) / 1000),
        },
      });
      await sendPatiently(access, () => access.client.send(command));
    },
  };
}
