import { withStack } from '#functions/_runtime/stack.ts';

import { authorize, type AuthorizerEvent } from './authorize.ts';
import { ports } from './ports.ts';

export const handler = withStack((event: AuthorizerEvent) => authorize(event, ports()));
