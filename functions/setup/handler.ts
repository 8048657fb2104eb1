import { withStack } from '#functions/_runtime/stack.ts';

import { setUp, type SetupRequest } from './setup.ts';
import { setupContext, setupPorts } from './wire.ts';

export const handler = withStack((request: SetupRequest) =>
  setUp(request, setupContext(), setupPorts()),
);
