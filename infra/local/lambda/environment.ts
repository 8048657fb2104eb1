import { devNull } from 'node:os';

import { LOCAL_REGION } from '#infra/local/service.ts';

import { WORKER_PLAN } from './message.ts';
import type { WorkerPlan } from './message.ts';

/**
 * The environment of a worker process: the parent's without any AWS setting of the user's (no real
 * account is ever reached), Lambda's reserved variables, and `extra` on top.
 */
export function workerEnvironment(
  worker: string,
  plan: WorkerPlan,
  extra: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('AWS_') && name !== 'NODE_OPTIONS' && name !== 'NODE_CHANNEL_FD',
  );
  return {
    ...Object.fromEntries(inherited),
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: `local-${worker}`,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_TRACE_ENABLED: 'false',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'WARN',
    POWERTOOLS_DEV: 'false',
    TZ: ':UTC',
    ...extra,
    [WORKER_PLAN]: JSON.stringify(plan),
  };
}
