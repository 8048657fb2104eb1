/** Parameter Store names; values are SecureStrings made at deploy or by `npm start`. */
export const PARAMETERS = {
  /** 32 random bytes, hex: signs the tenant of records put by the API, and list cursors. */
  signingKey: '/sentry/signing-key',
  /** Prefix of channel secrets: `/sentry/channel/<channel_id>`. */
  channelPrefix: '/sentry/channel/',
  /** Prefix of what receivers sign their webhooks with: `/sentry/hook/<tenant>/<channel_id>`. */
  hookPrefix: '/sentry/hook/',
} as const;

/** Names of the environment variables every function reads (functions/_runtime/environment.ts). */
export const ENVIRONMENT = {
  tableWork: 'SENTRY_TABLE_WORK',
  tableJournal: 'SENTRY_TABLE_JOURNAL',
  tableConfig: 'SENTRY_TABLE_CONFIG',
  tableState: 'SENTRY_TABLE_STATE',
  tableLive: 'SENTRY_TABLE_LIVE',
  stream: 'SENTRY_STREAM',
  bus: 'SENTRY_BUS',
  storeBucket: 'SENTRY_STORE_BUCKET',
  topicArn: 'SENTRY_TOPIC_ARN',
  timerQueueUrl: 'SENTRY_TIMER_QUEUE_URL',
  backtestQueueUrl: 'SENTRY_BACKTEST_QUEUE_URL',
  /** https endpoint of `@connections`. */
  liveEndpoint: 'SENTRY_LIVE_ENDPOINT',
  /** Origin of the dashboard, for links, CORS and the socket's Origin check. */
  dashboardOrigin: 'SENTRY_DASHBOARD_ORIGIN',
  /** Most series a tenant may have; new ones beyond it are refused. */
  seriesMax: 'SENTRY_SERIES_MAX',
  defaultTenant: 'SENTRY_DEFAULT_TENANT',
  signingKeyParameter: 'SENTRY_SIGNING_KEY_PARAMETER',
  channelParameterPrefix: 'SENTRY_CHANNEL_PARAMETER_PREFIX',
  hookParameterPrefix: 'SENTRY_HOOK_PARAMETER_PREFIX',
  /** Comma-separated origins a notifier may call besides public https; local mode only. */
  outboundAllow: 'SENTRY_OUTBOUND_ALLOW',
  /** Where PagerDuty's channels send that name no address; PagerDuty's own where it is empty. */
  pagerDutyUrl: 'SENTRY_PAGERDUTY_URL',
} as const;
