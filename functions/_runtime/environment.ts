import * as z from 'zod';

const Environment = z.object({
  SENTRY_TABLE_WORK: z.string().default('sentry-work'),
  SENTRY_TABLE_JOURNAL: z.string().default('sentry-journal'),
  SENTRY_TABLE_CONFIG: z.string().default('sentry-config'),
  SENTRY_TABLE_STATE: z.string().default('sentry-state'),
  SENTRY_TABLE_LIVE: z.string().default('sentry-live'),
  SENTRY_STREAM: z.string().default('sentry-events'),
  SENTRY_BUS: z.string().default('sentry'),
  SENTRY_STORE_BUCKET: z.string().default('sentry-store'),
  SENTRY_TOPIC_ARN: z.string().default(''),
  SENTRY_TIMER_QUEUE_URL: z.string().default(''),
  SENTRY_BACKTEST_QUEUE_URL: z.string().default(''),
  SENTRY_LIVE_ENDPOINT: z.string().default(''),
  SENTRY_DASHBOARD_ORIGIN: z.string().default(''),
  SENTRY_SERIES_MAX: z.coerce.number().int().min(1).default(100_000),
  SENTRY_DEFAULT_TENANT: z.string().default('default'),
  SENTRY_SIGNING_KEY_PARAMETER: z.string().default('/sentry/signing-key'),
  SENTRY_CHANNEL_PARAMETER_PREFIX: z.string().default('/sentry/channel/'),
  SENTRY_HOOK_PARAMETER_PREFIX: z.string().default('/sentry/hook/'),
  SENTRY_OUTBOUND_ALLOW: z.string().default(''),
  SENTRY_PAGERDUTY_URL: z.string().default(''),
});
export type Environment = z.infer<typeof Environment>;

/** Reads the function's environment once; throws a ZodError that names the wrong variable. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return Environment.parse(variables);
}
