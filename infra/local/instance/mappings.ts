import type { LocalClock } from '#infra/local/clock.ts';
import type { Services } from '#infra/local/instance/services.ts';
import { openCheckpoints } from '#infra/local/mapping/checkpoint.ts';
import type { Discard } from '#infra/local/mapping/discard.ts';
import {
  createMapping,
  type EventSourceMapping,
  type MappingStats,
} from '#infra/local/mapping/mapping.ts';
import type { Invoker } from '#infra/local/service.ts';
import { createQueueMapping, type QueueMapping } from '#infra/local/sqs/mapping.ts';
import {
  BUCKETS,
  MAPPINGS,
  QUEUE_MAPPINGS,
  QUEUES,
  STREAM,
  TABLES,
  type StreamMapping,
} from '#infra/topology.ts';

/** All event source mappings of the topology, running. */
export interface RunningMappings {
  /** By `<source> → <function>`, e.g. `kinesis → detect`, `journal → publish`. */
  streams: ReadonlyMap<string, EventSourceMapping>;
  stats(): Record<string, MappingStats>;
  /** Resolves once every stream has been worked off. */
  idle(): Promise<void>;
  /** Takes up nothing new and waits for what is with the functions. */
  stop(): Promise<void>;
  /** Closes the checkpoints; call it after everything else of the mappings has ended. */
  close(): void;
}

/** Starts them; checkpoints live in `file`. */
export function startMappings(parts: {
  file: string;
  services: Services;
  invoker: Invoker;
  clock: LocalClock;
}): RunningMappings {
  const { services, invoker, clock } = parts;
  const checkpoints = openCheckpoints(parts.file);
  const streams = new Map<string, EventSourceMapping>();
  for (const definition of MAPPINGS) {
    const { source } = definition;
    const from = source.kind === 'kinesis' ? 'kinesis' : source.table;
    const mapping = createMapping(definition, {
      source:
        source.kind === 'kinesis'
          ? services.kinesis.source(STREAM.name)
          : services.dynamodb.source(TABLES[source.table].name),
      invoker,
      checkpoints,
      clock,
      onFailure: (discard) => keepDiscard(services, definition, discard),
    });
    streams.set(`${from} → ${definition.function}`, mapping);
  }
  for (const mapping of streams.values()) mapping.start();
  const queues: QueueMapping[] = QUEUE_MAPPINGS.map((definition) =>
    createQueueMapping(
      {
        queue: QUEUES[definition.queue].name,
        functionName: definition.function,
        batchSize: definition.batchSize,
        reportItemFailures: definition.reportItemFailures,
      },
      { sqs: services.sqs, invoker, clock },
    ),
  );
  return {
    streams,
    stats: () => Object.fromEntries([...streams].map(([name, mapping]) => [name, mapping.stats()])),
    async idle() {
      await Promise.all([...streams.values()].map((mapping) => mapping.idle()));
    },
    async stop() {
      await Promise.all([
        ...[...streams.values()].map((mapping) => mapping.stop()),
        ...queues.map((mapping) => mapping.close()),
      ]);
    },
    close: () => checkpoints.close(),
  };
}

/** Writes what a mapping gave up to its on-failure destination. */
async function keepDiscard(
  services: Services,
  { onFailure }: StreamMapping,
  discard: Discard,
): Promise<void> {
  const document = JSON.stringify(discard.document);
  if (onFailure.kind === 'sqs') services.sqs.send(onFailure.queue, [{ body: document }]);
  else
    await services.s3.putObject(BUCKETS.store.name, `${onFailure.prefix}${discard.key}`, document, {
      'content-type': 'application/json',
    });
}
