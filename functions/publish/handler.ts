import { eventBridge, once } from '#functions/_runtime/client.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { withStack } from '#functions/_runtime/stack.ts';
import { warn } from '#functions/_runtime/warn.ts';
import { createDynamoJournalStore } from '#shared/adapters/aws/dynamo-journal-store.ts';
import { createEventBridgeBus } from '#shared/adapters/aws/event-bridge-bus.ts';

import { publish, type StreamEvent } from './publish.ts';

const bus = once(() => createEventBridgeBus(eventBridge(), readEnvironment().SENTRY_BUS));
const journal = once(() => createDynamoJournalStore(dynamoAccess()));
export const handler = withStack((event: StreamEvent) =>
  publish({ bus: bus(), journal: journal() }, event, warn),
);
