import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { KinesisClient } from '@aws-sdk/client-kinesis';

import { STREAM } from '#infra/topology.ts';
import { createKinesisEventStream } from '#shared/adapters/aws/kinesis-event-stream.ts';
import { decodeRecord } from '#shared/event/decode.ts';

import { chooseEndpoint } from './endpoint.ts';

export const SEND_HELP = `sentry send: puts events of your own on the stream

  npx sentry send --type metric.disk --service shop --payload '{"host":"a","mount":"/","value_percent":97}'
  npx sentry send --file events.ndjson          one event, an array or NDJSON; "-" reads standard input

  --source NAME     default "cli"                 --severity WORD   info, warning, high, critical …
  --type NAME       default "cli.test"            --service NAME
  --payload JSON    default {}                    --count N         the same event N times, each its own id
  --aws             your AWS account instead of the local instance`;

/** Sends events and prints what became of them. Throws an Error that says what to do. */
export async function send(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      source: { type: 'string', default: 'cli' },
      type: { type: 'string', default: 'cli.test' },
      severity: { type: 'string', default: 'INFO' },
      service: { type: 'string' },
      payload: { type: 'string', default: '{}' },
      count: { type: 'string', default: '1' },
      file: { type: 'string' },
      aws: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(SEND_HELP);
  const bodies = values.file === undefined ? composed(values) : fromFile(values.file);
  const endpoint = await chooseEndpoint(values.aws);
  const stream = createKinesisEventStream(
    new KinesisClient({}),
    process.env.SENTRY_STREAM ?? STREAM.name,
    sleep,
  );
  const outcomes = await stream.put(bodies.map((data) => ({ partition_key: randomUUID(), data })));
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  const put = outcomes.length - failed.length;
  console.log(`${put} event${put === 1 ? '' : 's'} on the stream at ${endpoint}`);
  if (failed.length > 0) throw new Error(`${failed.length} not taken. Send them again.`);
}

function composed(values: {
  source: string;
  type: string;
  severity: string;
  service?: string;
  payload: string;
  count: string;
}): Uint8Array[] {
  let payload: unknown;
  try {
    payload = JSON.parse(values.payload);
  } catch (error) {
    throw new Error(`--payload is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new Error('--count takes a whole number from 1 to 100000');
  const { source, type, severity, service } = values;
  return Array.from({ length: count }, () =>
    checked({
      event_id: randomUUID(),
      source,
      type,
      severity,
      service,
      timestamp: new Date().toISOString(),
      payload,
    }),
  );
}

function fromFile(file: string): Uint8Array[] {
  const { events, rejects } = decodeRecord(readFileSync(file === '-' ? 0 : file), arrival());
  for (const { index, detail } of rejects)
    console.error(`event ${index + 1} is left out: ${detail}`);
  if (events.length === 0) throw new Error('No event could be read.');
  return events.map(({ event }) => Buffer.from(JSON.stringify(event)));
}

function checked(event: object): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(event));
  const [reject] = decodeRecord(bytes, arrival()).rejects;
  if (reject) throw new Error(reject.detail);
  return bytes;
}

const arrival = () => ({ tenant: 'default', arrived_at_ms: Date.now() });
