import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import { LOCAL_REGION } from '#infra/local/service.ts';
import type { AwsService, Invoker } from '#infra/local/service.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';
import { transact } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerJson, operation } from '#infra/local/wire/json.ts';

import { startDelivering } from './deliver.ts';
import { DeliveryStore } from './delivery-store.ts';
import {
  ENTRIES_BYTES_MAX,
  ENTRIES_MAX,
  Entry,
  entryBytes,
  makeEnvelope,
  readEntry,
} from './entry.ts';
import type { Envelope } from './entry.ts';
import { seededRandom } from './fault.ts';
import type { BusFault } from './fault.ts';
import { shapeInput } from './input.ts';
import { compileText, RuleMatcher } from './match.ts';
import { createRuleOperations } from './rule-operation.ts';
import { nextFire, parseRate } from './schedule.ts';
import { busName, ruleArn, RuleStore } from './store.ts';

export interface EventBridge extends AwsService {
  /** Makes PutEvents refuse some of its entries; undefined heals it. */
  fault(fault: BusFault | undefined): void;
  /** Deliveries not yet taken by a target or a dead-letter queue, waiting retries included. */
  pendingDeliveries(): number;
  /** Resolves once nothing is due or under way; retries that wait for a later time do not count. */
  idle(): Promise<void>;
}

/**
 * Amazon EventBridge: event buses, rules, `rate()` schedules and at-least-once delivery to functions
 * and queues. Events and what they are owed are committed together before PutEvents answers.
 */
export function createEventBridge(parts: {
  file: string;
  clock: LocalClock;
  invoker: Invoker;
  sqs: Sqs;
  /** Jitter of the retries, in [0, 1). */
  random?: () => number;
}): EventBridge {
  const { clock } = parts;
  const store = new RuleStore(parts.file, clock.now());
  const deliveries = new DeliveryStore(store.database);
  const matcher = new RuleMatcher(store);
  const delivering = startDelivering(deliveries, { ...parts, random: parts.random ?? Math.random });
  let failsEntry: (() => boolean) | undefined;
  let cancelSchedule: (() => void) | undefined;

  /** To be called inside a transaction. */
  function owe(bus: string, rule: string, envelope: Envelope): void {
    for (const target of store.targets(bus, rule)) {
      deliveries.add(ruleArn(bus, rule), target, shapeInput(target, envelope), clock.now());
    }
  }

  function putEntry(
    entry: z.infer<typeof Entry>,
  ): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
    try {
      if (failsEntry?.())
        throw new AwsError('InternalFailure', 'Internal failure, asked for by a test.');
      const bus = busName(entry.EventBusName);
      const envelope = readEntry(entry, randomUUID(), LOCAL_REGION, clock.now());
      // AWS takes an event for a bus that is not there and loses it; here it is said.
      if (!store.hasBus(bus))
        throw new AwsError('InvalidArgument', `Event bus ${bus} does not exist.`);
      for (const rule of matcher.match(bus, envelope)) owe(bus, rule, envelope);
      return { EventId: envelope.id };
    } catch (error) {
      if (error instanceof RangeError)
        return { ErrorCode: 'MalformedDetail', ErrorMessage: error.message };
      if (!(error instanceof AwsError)) throw error;
      return { ErrorCode: error.code, ErrorMessage: error.message };
    }
  }

  function putEvents(entries: readonly z.infer<typeof Entry>[]): object {
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (bytes > ENTRIES_BYTES_MAX) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const Entries = transact(store.database, () => entries.map(putEntry));
    delivering.pump();
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
  }

  function fireSchedules(): void {
    const now = clock.now();
    transact(store.database, () => {
      for (const rule of store.scheduledRules()) {
        if (rule.next_fire_at! > now) continue;
        owe(rule.bus, rule.name, scheduledEvent(ruleArn(rule.bus, rule.name), rule.next_fire_at!));
        store.saveRule({
          ...rule,
          next_fire_at: nextFire(rule.next_fire_at!, parseRate(rule.schedule!), now),
        });
      }
    });
    delivering.pump();
    armSchedules();
  }

  function armSchedules(): void {
    cancelSchedule?.();
    const next = store.scheduledRules()[0]?.next_fire_at;
    cancelSchedule =
      next === undefined || next === null ? undefined : clock.at(next, fireSchedules);
  }

  const operations = {
    ...createRuleOperations(
      store,
      clock,
      (pattern) => void compileText(pattern),
      () => {
        matcher.forget();
        armSchedules();
      },
    ),
    PutEvents: operation(z.object({ Entries: z.array(Entry).min(1).max(ENTRIES_MAX) }), (input) =>
      putEvents(input.Entries),
    ),
    TestEventPattern: operation(
      z.object({ EventPattern: z.string(), Event: z.string() }),
      (input) => ({
        Result: compileText(input.EventPattern).match(parseEvent(input.Event)).length > 0,
      }),
    ),
  };

  armSchedules();
  delivering.pump();
  return {
    fault(fault) {
      const random = fault && seededRandom(fault.seed);
      failsEntry = random && (() => random() < fault.ratio);
    },
    pendingDeliveries: () => deliveries.count(),
    idle: () => delivering.idle(),
    handle: (request) => answerJson(request, operations, '1.1'),
    async close() {
      cancelSchedule?.();
      await delivering.close();
      store.database.close();
    },
  };
}

function parseEvent(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid.');
  }
}

function scheduledEvent(rule: string, time: number): Envelope {
  return makeEnvelope({
    id: randomUUID(),
    detailType: 'Scheduled Event',
    source: 'aws.events',
    time,
    region: LOCAL_REGION,
    resources: [rule],
    detail: {},
  });
}
