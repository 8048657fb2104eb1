import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

import { STREAM } from '#infra/topology.ts';

import { withInstance } from './instance.ts';
import type { BenchResult, Figure } from './result.ts';
import { sampleEvents } from './sample.ts';

const RUNS = [
  { name: 'one event a record', events: 60_000, pack: 1 },
  { name: '25 events a record', events: 150_000, pack: 25 },
] as const;
/** Ticks of /proc/<pid>/stat a second on Linux. */
const TICKS = 100;
const DEADLINE_MS = 240_000;

/** Puts everything as fast as the stream takes it and waits until detector and archive have worked it off. */
export async function measureThroughput(log: (line: string) => void): Promise<BenchResult> {
  const figures: Figure[] = [];
  for (const { name, events, pack } of RUNS)
    await withInstance(async (instance, kinesis) => {
      const records = packed(sampleEvents(events, 1), pack);
      const workers = instance.invoker.pids();
      const before = cpuOf(workers);
      const parentBefore = process.cpuUsage();
      const started = performance.now();
      await putAll(kinesis, records);
      const putSeconds = (performance.now() - started) / 1000;
      log(`${name}: ${events.toLocaleString('en')} events put in ${putSeconds.toFixed(1)} s`);
      await drained(instance.url, records.length);
      const seconds = (performance.now() - started) / 1000;
      const after = cpuOf(workers);
      const parent = process.cpuUsage(parentBefore);
      figures.push(
        { name: `sustained, ${name}`, value: events / seconds, unit: 'events/s' },
        {
          name: '  CPU of producer and local AWS',
          value: (parent.user + parent.system) / events,
          unit: 'µs/event',
        },
      );
      for (const [worker, ticks] of Object.entries(after))
        figures.push({
          name: `  CPU of the ${worker} worker`,
          value: ((ticks - (before[worker] ?? 0)) * (1e6 / TICKS)) / events,
          unit: 'µs/event',
        });
    });
  return { figures };
}

function packed(events: readonly Buffer[], pack: number): Buffer[] {
  if (pack === 1) return [...events];
  const records: Buffer[] = [];
  for (let at = 0; at < events.length; at += pack)
    records.push(Buffer.from(`[${events.slice(at, at + pack).join(',')}]`));
  return records;
}

async function putAll(kinesis: KinesisClient, records: readonly Buffer[]): Promise<void> {
  const calls: Buffer[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    if (bytes + record.length > 4_000_000 || calls.at(-1)!.length === 500) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)!.push(record);
    bytes += record.length;
  }
  let next = 0;
  const lane = async () => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      const { FailedRecordCount } = await kinesis.send(
        new PutRecordsCommand({
          StreamName: STREAM.name,
          Records: call.map((Data, at) => ({ Data, PartitionKey: `${next}-${at}` })),
        }),
      );
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were refused`);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

interface Health {
  mappings: { name: string; records: number }[];
}

async function drained(url: string, records: number): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const { mappings } = (await (await fetch(`${url}/_local/health`)).json()) as Health;
    const detect = mappings.find(({ name }) => name.endsWith('detect'));
    if ((detect?.records ?? 0) >= records) return;
    await sleep(20);
  }
  throw new Error(`not worked off within ${DEADLINE_MS / 1000} s`);
}

/** CPU ticks (user + system) of each worker; empty where there is no /proc. */
function cpuOf(pids: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const ticks: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks[name] = Number(fields[11]) + Number(fields[12]);
    } catch {
      // Not Linux: the figure is left out.
    }
  return ticks;
}
