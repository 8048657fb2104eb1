import { withStack } from '#functions/_runtime/stack.ts';
import { systemContext } from '#functions/_runtime/system-context.ts';
import { warn } from '#functions/_runtime/warn.ts';

import { escalate, type EscalateEvent } from './escalate.ts';
import { ports } from './ports.ts';

export const handler = withStack((event: EscalateEvent) =>
  escalate(ports(), event, (tenant) => systemContext('escalate', tenant), warn),
);
