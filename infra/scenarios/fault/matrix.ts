import { chaos } from './chaos.ts';
import { clockSkew } from './clock-skew.ts';
import { conflict } from './conflict.ts';
import { deadBus } from './dead-bus.ts';
import { deadConsumer } from './dead-consumer.ts';
import { everyAwait } from './every-await.ts';
import type { Fault } from './fault.ts';
import { heldByTests } from './held-by-tests.ts';
import { busyReceiver, illReceiver, lostAnswer } from './ill-receiver.ts';
import { model } from './model.ts';
import { newerRow } from './newer-row.ts';
import { outOfOrder } from './out-of-order.ts';
import { partialPut } from './partial-put.ts';
import { poisonRecord } from './poison-record.ts';
import { redelivery } from './redelivery.ts';
import { repeatedEvent } from './repeated-event.ts';
import { storm } from './storm.ts';
import { throttle } from './throttle.ts';
import { viewer } from './viewer.ts';
import { workerKill } from './worker-kill.ts';

/** Rows of which each run is held against one without the fault; `hold-short.testing.ts` runs them short. */
export const DISTURBANCES: readonly Fault[] = [
  partialPut,
  repeatedEvent,
  workerKill,
  poisonRecord,
  throttle,
  conflict,
  deadBus,
  deadConsumer,
  busyReceiver,
  illReceiver,
  lostAnswer,
  clockSkew,
  outOfOrder,
  newerRow,
  viewer,
  storm,
];

/** Rows whose cases are enumerated in tests. */
const ENUMERATED: readonly Fault[] = [
  heldByTests(
    {
      id: 'F3',
      name: 'instance-kill',
      what: 'SIGKILL of the whole instance between work and answer',
    },
    ['infra/scenarios/instance-kill.test.ts'],
  ),
  everyAwait,
  heldByTests({ id: 'F3b', name: 'verb-crash', what: 'a crash at every await of a verb alone' }, [
    'shared/notification/deliver-crash.test.ts',
    'shared/detection/redelivery.test.ts',
  ]),
  heldByTests(
    { id: 'F4', name: 'odd-answer', what: 'a handler answers undefined, {} and bad ids' },
    ['infra/local/mapping/response.test.ts'],
  ),
  heldByTests(
    {
      id: 'F10',
      name: 'retry-after',
      what: 'every form of Retry-After: never early, others unaffected',
    },
    ['infra/scenarios/receiver-fault.test.ts'],
    { pattern: 'F10' },
  ),
  heldByTests(
    { id: 'F11', name: 'ill-answer', what: 'time-out, reset, broken body, slow-loris' },
    ['infra/scenarios/receiver-fault.test.ts'],
    { pattern: 'F11' },
  ),
  heldByTests(
    {
      id: 'F12',
      name: 'refusing-receiver',
      what: '400, 401, 403, 404, 410: dead, and the secondary told',
    },
    ['infra/scenarios/receiver-fault.test.ts'],
    { pattern: 'F12' },
  ),
  heldByTests(
    { id: 'F13', name: 'notifier-kill', what: 'a kill between sending and recording' },
    ['infra/scenarios/notifier.test.ts'],
    { pattern: 'F13' },
  ),
  heldByTests({ id: 'F14', name: 'asleep', what: 'hint lost, late, an hour asleep' }, [
    'infra/scenarios/asleep.test.ts',
    'infra/scenarios/response/escalation.test.ts',
  ]),
  heldByTests(
    { id: 'F15', name: 'race', what: 'acknowledging against steps at every interleaving' },
    ['shared/escalation/race.test.ts'],
  ),
  heldByTests({ id: 'F16', name: 'resolved', what: 'the same events again after the resolve' }, [
    'infra/scenarios/resolved.test.ts',
  ]),
  heldByTests(
    { id: 'F17', name: 'live-view', what: 'a viewer whose connection breaks in every way' },
    [
      'infra/scenarios/live-viewer.test.ts',
      'functions/live/converge.test.ts',
      'dashboard/src/live',
    ],
  ),
  heldByTests(
    { id: 'storm', name: 'queue', what: '300 queued alerts of one service keep no other waiting' },
    ['infra/scenarios/response/storm.test.ts'],
    { env: { SENTRY_QUEUED_ALERTS: '300' } },
  ),
  heldByTests({ id: 'F22', name: 'canary', what: 'a component stands still: the canary tells' }, [
    'infra/scenarios/canary.test.ts',
  ]),
  heldByTests({ id: 'F23', name: 'cut-store', what: 'a store cut at random bytes, a full disk' }, [
    'infra/local/wire',
    'infra/local/kinesis/durability.test.ts',
    'infra/local/dynamodb/kill.test.ts',
  ]),
];

/** All of it, the longest last. */
export const MATRIX: readonly Fault[] = [
  ...ENUMERATED,
  ...DISTURBANCES.filter((fault) => fault !== workerKill && fault !== storm),
  chaos,
  model,
  redelivery,
  storm,
  workerKill,
];
