/**
 * What exists, once: both `infra/aws` (CDK) and `infra/local` are made from it, and a test compares
 * it with the synthesized template. Times in seconds unless the name says otherwise.
 */

import type { FunctionName } from './functions.ts';

export interface IndexDefinition {
  name: string;
  partitionKey: string;
  sortKey: string;
}

export interface TableDefinition {
  name: string;
  indexes: readonly IndexDefinition[];
  /** New and old images to the functions named in MAPPINGS. */
  stream: boolean;
  /** Name of the TTL attribute, in Unix seconds; absent where nothing expires. */
  ttlAttribute?: string;
}

/** Partition key `pk` and sort key `sk`, both strings, everywhere. Every `pk` starts with the tenant or `OUTBOX#`, but for `LANES`. */
export const TABLES = {
  work: {
    name: 'sentry-work',
    indexes: [
      { name: 'due', partitionKey: 'due_shard', sortKey: 'due_at' },
      { name: 'by-state', partitionKey: 'state_key', sortKey: 'state_sort' },
      { name: 'by-service', partitionKey: 'service_key', sortKey: 'service_sort' },
    ],
    stream: false,
    ttlAttribute: 'expires_at',
  },
  journal: {
    name: 'sentry-journal',
    indexes: [{ name: 'due', partitionKey: 'due_shard', sortKey: 'due_at' }],
    stream: true,
    ttlAttribute: 'expires_at',
  },
  config: { name: 'sentry-config', indexes: [], stream: false },
  state: {
    name: 'sentry-state',
    indexes: [{ name: 'due', partitionKey: 'due_shard', sortKey: 'due_at' }],
    stream: false,
    ttlAttribute: 'expires_at',
  },
  live: { name: 'sentry-live', indexes: [], stream: true, ttlAttribute: 'expires_at' },
} as const satisfies Record<string, TableDefinition>;
export type TableName = keyof typeof TABLES;

export const STREAM = { name: 'sentry-events', retentionHours: 168, shards: 2 } as const;
export const BUS = { name: 'sentry' } as const;
export const BUCKETS = {
  /** archive/, quarantine/, failures/ */
  store: { name: 'sentry-store', expireDays: 90 },
  dashboard: { name: 'sentry-dashboard' },
} as const;
export const TOPIC = { name: 'sentry-email' } as const;

export const QUEUES = {
  /** Hints that make timers punctual; the rows are the truth. */
  timers: { name: 'sentry-timers', visibilitySeconds: 60, receiveMax: 5, dlq: 'sentry-timers-dlq' },
  /** Calls to run a backtest; a call stays hidden for longer than its run may last. */
  backtests: {
    name: 'sentry-backtests',
    visibilitySeconds: 960,
    receiveMax: 3,
    dlq: 'sentry-backtests-dlq',
  },
} as const;
export type QueueName = keyof typeof QUEUES;

/** Queues that hold what could not be delivered; each has an alarm on its depth. */
export const DEAD_LETTERS = [
  'sentry-timers-dlq',
  'sentry-backtests-dlq',
  'sentry-publish-dlq',
  'sentry-broadcast-dlq',
  'sentry-notify-email-dlq',
  'sentry-notify-slack-dlq',
  'sentry-notify-pagerduty-dlq',
  'sentry-notify-webhook-dlq',
  'sentry-sweep-dlq',
] as const;

/** A Lambda event source mapping over a stream. */
export interface StreamMapping {
  source: { kind: 'kinesis' } | { kind: 'dynamodb'; table: TableName };
  function: FunctionName;
  batchSize: number;
  batchWindowSeconds: number;
  /** 1 keeps sequence numbers monotonic per shard, which the detector's fence needs (ADR 0006). */
  parallelizationFactor: number;
  retries: number;
  recordAgeMaxSeconds: number;
  bisect: boolean;
  reportItemFailures: true;
  onFailure: { kind: 's3'; prefix: string } | { kind: 'sqs'; queue: (typeof DEAD_LETTERS)[number] };
  /** Lambda filter criteria: EventBridge patterns over the stream record; any may match. */
  filters?: readonly Record<string, unknown>[];
}

const NEW_OUTBOX_ROWS = {
  eventName: ['INSERT'],
  dynamodb: { Keys: { pk: { S: [{ prefix: 'OUTBOX#' }] } } },
};

export const MAPPINGS: readonly StreamMapping[] = [
  {
    source: { kind: 'kinesis' },
    function: 'detect',
    batchSize: 5_000,
    batchWindowSeconds: 0,
    parallelizationFactor: 1,
    retries: 10_000,
    // A detector that is gone for a day and a half detects all of it when it is back; Behind alarms meanwhile.
    recordAgeMaxSeconds: 48 * 3600,
    bisect: true,
    reportItemFailures: true,
    onFailure: { kind: 's3', prefix: 'failures/detect/' },
  },
  {
    source: { kind: 'kinesis' },
    function: 'archive',
    batchSize: 10_000,
    batchWindowSeconds: 5,
    parallelizationFactor: 1,
    retries: 10_000,
    recordAgeMaxSeconds: 24 * 3600,
    bisect: true,
    reportItemFailures: true,
    onFailure: { kind: 's3', prefix: 'failures/archive/' },
  },
  {
    source: { kind: 'dynamodb', table: 'journal' },
    function: 'publish',
    batchSize: 100,
    batchWindowSeconds: 0,
    parallelizationFactor: 2,
    retries: 10_000,
    recordAgeMaxSeconds: 6 * 3600,
    bisect: true,
    reportItemFailures: true,
    onFailure: { kind: 'sqs', queue: 'sentry-publish-dlq' },
    filters: [NEW_OUTBOX_ROWS],
  },
  {
    source: { kind: 'dynamodb', table: 'journal' },
    function: 'broadcast',
    batchSize: 100,
    batchWindowSeconds: 0,
    parallelizationFactor: 1,
    retries: 100,
    recordAgeMaxSeconds: 600,
    bisect: true,
    reportItemFailures: true,
    onFailure: { kind: 'sqs', queue: 'sentry-broadcast-dlq' },
    filters: [NEW_OUTBOX_ROWS],
  },
  {
    source: { kind: 'dynamodb', table: 'live' },
    function: 'broadcast',
    batchSize: 200,
    batchWindowSeconds: 0,
    parallelizationFactor: 1,
    retries: 10,
    recordAgeMaxSeconds: 60,
    bisect: true,
    reportItemFailures: true,
    onFailure: { kind: 'sqs', queue: 'sentry-broadcast-dlq' },
    filters: [
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { Keys: { sk: { S: [{ prefix: 'TOUCH#' }] } } },
      },
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'FEED#' }] } } } },
    ],
  },
];

/** An EventBridge rule on the bus `sentry`; every target has retry, age and a DLQ. */
export interface BusRule {
  name: string;
  pattern: Record<string, unknown>;
  function: FunctionName;
  retries: number;
  ageMaxSeconds: number;
  dlq: (typeof DEAD_LETTERS)[number];
}

const NOTIFIED = ['email', 'slack', 'pagerduty', 'webhook'] as const;
export const BUS_RULES: readonly BusRule[] = NOTIFIED.map((channel) => ({
  name: `sentry-notify-${channel}`,
  pattern: { source: [{ prefix: 'sentry.' }], detail: { payload: { channels: [channel] } } },
  function: `notify-${channel}` as const,
  retries: 185,
  ageMaxSeconds: 86_400,
  dlq: `sentry-notify-${channel}-dlq` as const,
}));

/** Runs on the default schedule, not on the bus. */
export const SWEEP = {
  name: 'sentry-sweep',
  everyMinutes: 1,
  function: 'escalate',
  dlq: 'sentry-sweep-dlq',
} as const;

/** A canary goes down the whole path each minute; one so late, in ms, is an alarm. */
export const CANARY_LATENESS_MAX_MS = 50_000;

export const QUEUE_MAPPINGS = [
  { queue: 'timers', function: 'escalate', batchSize: 10, reportItemFailures: true },
  { queue: 'backtests', function: 'backtest', batchSize: 1, reportItemFailures: true },
] as const;
