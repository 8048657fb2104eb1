import { withStack } from '#functions/_runtime/stack.ts';

import { broadcast } from './broadcast.ts';
import { ports } from './ports.ts';
import type { StreamEvent } from './read-batch.ts';

export const handler = withStack((event: StreamEvent) => broadcast(event, ports()));
