import { join } from 'node:path';

import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry, Target } from '@aws-sdk/client-eventbridge';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import { localArn } from '#infra/local/service.ts';
import { createSqs } from '#infra/local/sqs/sqs.ts';

import { createEventBridge } from './eventbridge.ts';

/** Test support: a bus `sentry` and a queue `dead` behind a real client, and functions that record. */
export async function startBus() {
  const clock = new LocalClock();
  const scratch = makeScratch();
  const invoked: { name: string; event: Record<string, unknown> }[] = [];
  const functions = { answer: (): Promise<unknown> => Promise.resolve(null) };
  const invoker = {
    invoke(name: string, event: unknown) {
      invoked.push({ name, event: event as Record<string, unknown> });
      return functions.answer();
    },
  };
  const sqs = createSqs({ file: join(scratch.directory, 'sqs.sqlite'), clock });
  const file = join(scratch.directory, 'events.sqlite');
  const bridge = createEventBridge({ file, clock, sqs, invoker, random: () => 0 });
  const server = await startConformanceServer((request) => bridge.handle(request));
  const client = new EventBridgeClient(server.client);
  await client.send(new CreateEventBusCommand({ Name: 'sentry' }));
  sqs.createQueue('dead');

  return {
    clock,
    sqs,
    bridge,
    client,
    directory: scratch.directory,
    /** What functions were handed, oldest first. */
    invoked,
    /** How functions answer. */
    functions,
    put: (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries })),
    /** A rule named after the kind it matches, with a function of that name as target. */
    async rule(kind: string, target: Partial<Target> = {}): Promise<void> {
      const pattern = { source: [{ prefix: 'sentry.' }], detail: { kind: [kind] } };
      const EventPattern = JSON.stringify(pattern);
      const EventBusName = 'sentry';
      await client.send(new PutRuleCommand({ Name: kind, EventBusName, EventPattern }));
      const Arn = localArn('lambda', `function:${kind}`);
      const Targets = [{ Id: 't', Arn, ...target }];
      await client.send(new PutTargetsCommand({ Rule: kind, EventBusName, Targets }));
    },
    reset(): void {
      invoked.length = 0;
      functions.answer = () => Promise.resolve(null);
    },
    async close(): Promise<void> {
      client.destroy();
      await server.close();
      await bridge.close();
      await sqs.close();
      clock.close();
      scratch.remove();
    },
  };
}

/** An entry whose detail names its kind. */
export function event(
  kind: string,
  more: Partial<PutEventsRequestEntry> = {},
): PutEventsRequestEntry {
  return {
    Source: 'sentry.alert',
    DetailType: 'alert.opened',
    EventBusName: 'sentry',
    Detail: JSON.stringify({ kind }),
    ...more,
  };
}
