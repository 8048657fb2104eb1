import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

import { STREAM } from '#infra/topology.ts';

import { withInstance } from './instance.ts';
import { type BenchResult, type Figure, quantile } from './result.ts';
import { openSocket } from './rpc-socket.ts';
import { sampleEvents } from './sample.ts';

const RATES = [20, 200, 2_000];
const SECONDS = 15;
/** Alerts opened a second, whatever the traffic around them. */
const PROBES_PER_SECOND = 5;
const TICK_MS = 50;
/** How long a push may take to count at all. */
const LATE_MS = 10_000;

/**
 * Time from the call that puts an event to the alert it opens on a viewer's socket: through Kinesis,
 * detector, transaction, stream, broadcast and socket, amid ordinary traffic of the given rate.
 */
export async function measureLatency(log: (line: string) => void): Promise<BenchResult> {
  return withInstance(async (instance, kinesis) => {
    const seen: Seen = new Map();
    const viewer = await openSocket(instance, 'vera', ({ group }) => {
      const mark = group?.['payload.host'];
      if (mark !== undefined && !seen.has(mark)) seen.set(mark, performance.now());
    });
    await viewer.call('subscribe', { topic: 'alerts' });
    const figures: Figure[] = [];
    await measure(5, 3, kinesis, seen);
    for (const rate of RATES) {
      const { latencies, lost } = await measure(rate, SECONDS, kinesis, seen);
      if (lost > 0) throw new Error(`${lost} alerts never reached the socket at ${rate} events/s`);
      log(`${rate} events/s: ${latencies.length} alerts seen`);
      for (const [name, q] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const)
        figures.push({
          name: `put → socket at ${rate} events/s, ${name}`,
          value: quantile(latencies, q),
          unit: 'ms',
        });
    }
    viewer.close();
    return { figures };
  });
}

/** When each probe's alert arrived, by the probe's mark. */
type Seen = Map<string, number>;

async function measure(rate: number, seconds: number, kinesis: KinesisClient, arrivals: Seen) {
  const background = sampleEvents(rate * seconds, rate);
  const puts = new Map<string, number>();
  const calls: Promise<unknown>[] = [];
  const started = performance.now();
  let sent = 0;
  let probes = 0;
  while (performance.now() - started < seconds * 1000) {
    const elapsed = (performance.now() - started) / 1000;
    const due = background.slice(sent, Math.floor(elapsed * rate));
    sent += due.length;
    if (probes < elapsed * PROBES_PER_SECOND) {
      probes++;
      const mark = randomUUID();
      puts.set(mark, performance.now());
      due.push(probe(mark));
    }
    for (let at = 0; at < due.length; at += 500) calls.push(put(kinesis, due.slice(at, at + 500)));
    await sleep(TICK_MS);
  }
  await Promise.all(calls);
  const deadline = performance.now() + LATE_MS;
  while ([...puts.keys()].some((mark) => !arrivals.has(mark)) && performance.now() < deadline)
    await sleep(20);
  const latencies: number[] = [];
  for (const [mark, at] of puts) {
    const seen = arrivals.get(mark);
    if (seen !== undefined) latencies.push(seen - at);
  }
  return { latencies, lost: puts.size - latencies.length };
}

/** Opens an alert of its own: the shipped rule `disk-full` groups by host. */
function probe(mark: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      event_id: mark,
      source: 'bench',
      type: 'metric.disk',
      service: 'bench',
      severity: 'ERROR',
      timestamp: new Date().toISOString(),
      payload: { host: mark, mount: '/', value_percent: 99 },
    }),
  );
}

function put(kinesis: KinesisClient, records: readonly Buffer[]): Promise<unknown> {
  return kinesis.send(
    new PutRecordsCommand({
      StreamName: STREAM.name,
      Records: records.map((Data) => ({ Data, PartitionKey: randomUUID() })),
    }),
  );
}
