import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  DynamoEventSource,
  KinesisEventSource,
  SqsDlq,
  SqsEventSource,
} from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';

import type { FunctionName } from '#infra/functions.ts';
import { BUS_RULES, MAPPINGS, QUEUE_MAPPINGS, type StreamMapping, SWEEP } from '#infra/topology.ts';

import type { Functions } from './function.ts';
import type { Carriers } from './source.ts';
import { pascal, type Tables } from './table.ts';

export interface MappingsProps {
  functions: Functions;
  carriers: Carriers;
  tables: Tables;
}

/** What starts the functions: streams, the queue, the bus and the sweep, each with explicit retries and a place for what fails. */
export class Mappings extends Construct {
  /** Ids of the mappings that keep failures in the store, by their function. */
  readonly toStore: ReadonlyMap<FunctionName, string>;

  constructor(scope: Construct, id: string, props: MappingsProps) {
    super(scope, id);
    const toStore = new Map<FunctionName, string>();
    for (const mapping of MAPPINGS) {
      const { eventSourceMappingId } = addStream(mapping, props);
      if (mapping.onFailure.kind === 's3') toStore.set(mapping.function, eventSourceMappingId);
    }
    this.toStore = toStore;
    for (const mapping of QUEUE_MAPPINGS)
      props.functions.byName[mapping.function].addEventSource(
        new SqsEventSource(props.carriers.queues[mapping.queue], {
          batchSize: mapping.batchSize,
          reportBatchItemFailures: mapping.reportItemFailures,
        }),
      );
    for (const rule of BUS_RULES)
      new Rule(this, pascal(rule.name.replace(/^sentry-/, '')), {
        ruleName: rule.name,
        eventBus: props.carriers.bus,
        eventPattern: cfnPattern(rule.pattern),
        targets: [
          new LambdaFunction(props.functions.byName[rule.function], {
            retryAttempts: rule.retries,
            maxEventAge: Duration.seconds(rule.ageMaxSeconds),
            deadLetterQueue: props.carriers.deadLetter(rule.dlq),
          }),
        ],
      });
    for (const { function: name, dlq } of [...BUS_RULES, SWEEP])
      // The bus hands over and is done: what the function throws, Lambda's own queue retries.
      props.functions.byName[name].configureAsyncInvoke({
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
        onFailure: new SqsDestination(props.carriers.deadLetter(dlq)),
      });
    new Rule(this, 'Sweep', {
      ruleName: SWEEP.name,
      schedule: Schedule.rate(Duration.minutes(SWEEP.everyMinutes)),
      targets: [
        new LambdaFunction(props.functions.byName[SWEEP.function], {
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
          deadLetterQueue: props.carriers.deadLetter(SWEEP.dlq),
        }),
      ],
    });
  }
}

function addStream(mapping: StreamMapping, { functions, carriers, tables }: MappingsProps) {
  const settings = {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: mapping.batchSize,
    maxBatchingWindow: Duration.seconds(mapping.batchWindowSeconds),
    parallelizationFactor: mapping.parallelizationFactor,
    retryAttempts: mapping.retries,
    maxRecordAge: Duration.seconds(mapping.recordAgeMaxSeconds),
    bisectBatchOnError: mapping.bisect,
    reportBatchItemFailures: mapping.reportItemFailures,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    onFailure:
      mapping.onFailure.kind === 's3'
        ? { bind: () => ({ destination: carriers.store.bucketArn }) } // Its role has store:failures:write.
        : new SqsDlq(carriers.deadLetter(mapping.onFailure.queue)),
    ...(mapping.filters && {
      filters: mapping.filters.map((filter) => FilterCriteria.filter(filter)),
    }),
  };
  const source =
    mapping.source.kind === 'kinesis'
      ? new KinesisEventSource(carriers.stream, settings)
      : new DynamoEventSource(tables.byName[mapping.source.table], settings);
  functions.byName[mapping.function].addEventSource(source);
  return source;
}

/** CDK names the field `detailType`; everything else is as in the topology. */
function cfnPattern(pattern: Record<string, unknown>) {
  const { 'detail-type': detailType, ...rest } = pattern;
  return { ...rest, ...(detailType !== undefined && { detailType }) } as Record<string, string[]>;
}
