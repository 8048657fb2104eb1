import { withStack } from '#functions/_runtime/stack.ts';

import { notify } from './notify.ts';

export const handler = withStack(notify);
