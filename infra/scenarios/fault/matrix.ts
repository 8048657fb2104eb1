import { clockSkew } from './clock-skew.ts';
import { conflict } from './conflict.ts';
import { deadBus } from './dead-bus.ts';
import { deadConsumer } from './dead-consumer.ts';
import type { Fault } from './fault.ts';
import { busyReceiver, illReceiver, lostAnswer } from './ill-receiver.ts';
import { newerRow } from './newer-row.ts';
import { outOfOrder } from './out-of-order.ts';
import { partialPut } from './partial-put.ts';
import { poisonRecord } from './poison-record.ts';
import { repeatedEvent } from './repeated-event.ts';
import { storm } from './storm.ts';
import { throttle } from './throttle.ts';
import { workerKill } from './worker-kill.ts';

/** Rows of the matrix that a whole instance is run for. */
export const FAULTS: readonly Fault[] = [
  partialPut,
  repeatedEvent,
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
  storm,
  workerKill({ short: { events: 4_000, kills: 4 }, long: { events: 1_000_000, kills: 40 } }),
];
