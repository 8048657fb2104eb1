import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import {
  DynamoEventSource,
  KinesisEventSource,
  S3OnFailureDestination,
  SqsDlq,
  SqsEventSource,
} from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';

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
  constructor(scope: Construct, id: string, props: MappingsProps) {
    super(scope, id);
    for (const mapping of MAPPINGS) addStream(mapping, props);
    for (const mapping of QUEUE_MAPPINGS)
      props.functions.byName[mapping.function].addEventSource(
        new SqsEventSource(props.carriers.timers, {
          batchSize: mapping.batchSize,
          reportBatchItemFailures: mapping.reportItemFailures,
        }),
      );
    for (const rule of BUS_RULES)
      new Rule(this, pascal(rule.name.replace(/^sentry-/, '')), {
        ruleName: rule.name,
        eventBus: EventBus.fromEventBusName(
          this,
          `${rule.name}Bus`,
          props.carriers.bus.eventBusName,
        ),
        eventPattern: cfnPattern(rule.pattern),
        targets: [
          new LambdaFunction(props.functions.byName[rule.function], {
            retryAttempts: rule.retries,
            maxEventAge: Duration.seconds(rule.ageMaxSeconds),
            deadLetterQueue: props.carriers.deadLetter(rule.dlq),
          }),
        ],
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

function addStream(mapping: StreamMapping, { functions, carriers, tables }: MappingsProps): void {
  const settings = {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: mapping.batchSize,
    maxBatchingWindow: Duration.seconds(mapping.batchWindowSeconds),
    parallelizationFactor: mapping.parallelizationFactor,
    retryAttempts: mapping.retries,
    maxRecordAge: Duration.seconds(mapping.recordAgeMaxSeconds),
    bisectBatchOnError: mapping.bisect,
    reportBatchItemFailures: mapping.reportItemFailures,
    onFailure:
      mapping.onFailure.kind === 's3'
        ? new S3OnFailureDestination(carriers.store)
        : new SqsDlq(carriers.deadLetter(mapping.onFailure.queue)),
    ...(mapping.filters && {
      filters: mapping.filters.map((filter) => FilterCriteria.filter(filter)),
    }),
  };
  functions.byName[mapping.function].addEventSource(
    mapping.source.kind === 'kinesis'
      ? new KinesisEventSource(carriers.stream, settings)
      : new DynamoEventSource(tables.byName[mapping.source.table], settings),
  );
}

/** CDK names the field `detailType`; everything else is as in the topology. */
function cfnPattern(pattern: Record<string, unknown>) {
  const { 'detail-type': detailType, ...rest } = pattern;
  return { ...rest, ...(detailType !== undefined && { detailType }) } as Record<string, string[]>;
}
