import * as z from 'zod';

import { AwsError } from '#infra/local/wire/error.ts';

import { findStream } from './find.ts';
import type { StreamStore } from './store.ts';
import { Reference } from './stream.ts';

const HOURS_MIN = 24;
const HOURS_MAX = 8760;
const TAGS_MAX = 50;

export const RetentionRequest = Reference.extend({ RetentionPeriodHours: z.number().int() });

/** Sets the retention; `direction` is what the operation's name promises. */
export function changeRetention(
  store: StreamStore,
  request: z.infer<typeof RetentionRequest>,
  direction: 'increase' | 'decrease',
): undefined {
  const stream = findStream(store, request);
  const hours = request.RetentionPeriodHours;
  const wrongWay =
    direction === 'increase' ? hours < stream.retentionHours : hours > stream.retentionHours;
  if (wrongWay || hours < HOURS_MIN || hours > HOURS_MAX) {
    throw new AwsError(
      'InvalidArgumentException',
      `Cannot ${direction} the retention of ${stream.name} from ${stream.retentionHours} to ${hours} hours (${HOURS_MIN} to ${HOURS_MAX}).`,
    );
  }
  stream.retentionHours = hours;
  store.save(stream);
}

export const AddTagsRequest = Reference.extend({
  Tags: z.record(z.string().min(1).max(128), z.string().max(256)),
});

export function addTags(store: StreamStore, request: z.infer<typeof AddTagsRequest>): undefined {
  const stream = findStream(store, request);
  const tags = { ...stream.tags, ...request.Tags };
  if (Object.keys(tags).length > TAGS_MAX) {
    throw new AwsError('InvalidArgumentException', `A stream may have ${TAGS_MAX} tags.`);
  }
  stream.tags = tags;
  store.save(stream);
}

export const RemoveTagsRequest = Reference.extend({ TagKeys: z.array(z.string()).min(1).max(50) });

export function removeTags(
  store: StreamStore,
  request: z.infer<typeof RemoveTagsRequest>,
): undefined {
  const stream = findStream(store, request);
  const gone = new Set(request.TagKeys);
  stream.tags = Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !gone.has(key)));
  store.save(stream);
}

export function listTags(store: StreamStore, request: z.infer<typeof Reference>) {
  const { tags } = findStream(store, request);
  const keys = Object.keys(tags).sort();
  return { Tags: keys.map((Key) => ({ Key, Value: tags[Key] })), HasMoreTags: false };
}
