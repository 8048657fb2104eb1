import { createSsmSecretStore } from '#shared/adapters/aws/ssm-secret-store.ts';

import { once, ssm } from './client.ts';
import { systemClock } from './clock.ts';

/** Secrets of this process, each kept for five minutes. */
export const secrets = once(() => createSsmSecretStore(ssm(), () => systemClock.now()));
