import { setTimeout as sleep } from 'node:timers/promises';

import { once, s3 } from '#functions/_runtime/client.ts';
import { systemClock } from '#functions/_runtime/clock.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { signingKey } from '#functions/_runtime/signing-key.ts';
import { metrics } from '#functions/_runtime/observe.ts';
import { warn } from '#functions/_runtime/warn.ts';
import { response } from '#functions/_runtime/response.ts';
import { createAwsQuarantineStore } from '#shared/adapters/aws/aws-quarantine-store.ts';
import { createDynamoFeedSink } from '#shared/adapters/aws/dynamo-feed-sink.ts';
import { createDynamoLaneStore } from '#shared/adapters/aws/dynamo-lane-store.ts';
import { createDynamoLookupStore } from '#shared/adapters/aws/dynamo-lookup-store.ts';
import { createDynamoRuleActivityStore } from '#shared/adapters/aws/dynamo-rule-activity-store.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { createDynamoSeriesCensusStore } from '#shared/adapters/aws/dynamo-series-census-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createTurns } from '#shared/incident/take-turns.ts';
import { createSeriesCap } from '#shared/detection/series-cap.ts';
import { createRuleSetCache } from '#shared/rule/rule-set-cache.ts';

import type { DetectPorts } from './detect.ts';

/** Longest pause after the second lost race; it doubles. The first is tried again at once: its rows were read early. */
const PAUSE_MS = 20;

/** The function's ports, made once per process so that rules stay compiled. */
export const detectPorts = once((): DetectPorts => {
  const environment = readEnvironment();
  const access = dynamoAccess();
  const rules = createDynamoRuleStore(access);
  const cache = createRuleSetCache(rules, systemClock, {
    lookups: createDynamoLookupStore(access),
  });
  return {
    work: createDynamoWorkStore(access),
    rules,
    quarantine: createAwsQuarantineStore(access, s3(), environment.SENTRY_STORE_BUCKET),
    feed: createDynamoFeedSink(access),
    activity: createDynamoRuleActivityStore(access),
    response,
    ruleSet: async (tenant) => (await cache.current(tenant)).rules,
    async pause(attempt) {
      if (attempt > 1) await sleep(Math.random() * PAUSE_MS * 2 ** (attempt - 2));
    },
    turns: createTurns(),
    guesses: new Map(),
    series_cap: createSeriesCap(createDynamoSeriesCensusStore(access), systemClock, {
      limit: environment.SENTRY_SERIES_MAX,
      warn,
    }),
    lanes: createDynamoLaneStore(access),
    lane_notes: new Map(),
    fault_counts: new Map(),
    warn,
    metrics,
    signingKey,
    default_tenant: environment.SENTRY_DEFAULT_TENANT,
  };
});
