import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

import type { Instance } from '#infra/local/instance.ts';
import { QUEUES, TABLES } from '#infra/topology.ts';

import { worked } from './harness.ts';
import { awsSettings } from './producer.ts';

/** A row that is due is taken by its hint, or by the sweep of the next minute. */
const SWEEP_MS = 61_000;
/** Real time in which everything that can be done now is done, on a very slow machine. */
const DEADLINE_MS = 200_000;

/** Resolves once nothing is left to be done at this time: streams, bus and hints are worked off. */
export async function calm(instance: Instance): Promise<void> {
  const givenUpAt = performance.now() + DEADLINE_MS;
  for (;;) {
    const before = countCalls(instance);
    await worked(instance);
    const { visible, inFlight } = instance.services.sqs.depth(QUEUES.timers.name);
    if (visible + inFlight === 0 && countCalls(instance) === before) return;
    if (performance.now() > givenUpAt)
      throw new Error(`never calm: ${visible} hints, ${inFlight} under way`);
    await sleep(2);
  }
}

/**
 * Lets so many minutes pass as they would in life: the clock stops at each time at which a timer or a
 * delivery falls due, and goes on when what it led to is done. Two stops are `grainSeconds` apart at
 * least.
 */
export async function fastForward(
  instance: Instance,
  minutes: number,
  grainSeconds = 0,
): Promise<void> {
  const { clock } = instance;
  const goal = clock.now() + minutes * 60_000;
  let overdue = 0;
  for (;;) {
    await calm(instance);
    const next = await nextDue(instance.url);
    if (next === undefined || next > goal) break;
    // Nobody took what is due already: the sweep will.
    const wait = next > clock.now() ? next - clock.now() : ((overdue += 1), SWEEP_MS / 3);
    if (overdue > 100) throw new Error(`due since ${new Date(next).toISOString()}, and never done`);
    instance.advance(
      Math.min(Math.max(wait, grainSeconds * 1_000), Math.max(goal - clock.now(), 1)),
    );
  }
  if (goal > clock.now()) instance.advance(goal - clock.now());
  await calm(instance);
}

/** When the next timer or delivery falls due, ms since the epoch; undefined when none will. */
async function nextDue(url: string): Promise<number | undefined> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(url)));
  let next: number | undefined;
  try {
    let start: Record<string, unknown> | undefined;
    do {
      // Only what is due some time stands in this index.
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: TABLES.work.name,
          IndexName: 'due',
          ProjectionExpression: 'due_at',
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const { due_at } of Items) next = Math.min(next ?? Infinity, Date.parse(String(due_at)));
      start = LastEvaluatedKey;
    } while (start);
  } finally {
    client.destroy();
  }
  return next;
}

/** Calls of stream functions so far: what a hint sets off is seen here. */
function countCalls({ mappings }: Instance): number {
  return Object.values(mappings.stats()).reduce((sum, { invocations }) => sum + invocations, 0);
}
