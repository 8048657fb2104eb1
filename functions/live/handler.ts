import { withStack } from '#functions/_runtime/stack.ts';

import { live, type LiveEvent } from './live.ts';
import { livePorts } from './wire.ts';

export const handler = withStack((event: LiveEvent) => live(event, livePorts()));
