import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import { FUNCTIONS, type FunctionName } from '#infra/functions.ts';
import { CANARY_LATENESS_MAX_MS, MAPPINGS, SWEEP } from '#infra/topology.ts';

import { makeAlarmTopic } from './alarm-topic.ts';
import type { Functions } from './function.ts';
import type { Mappings } from './mapping.ts';
import type { Carriers } from './source.ts';
import { pascal } from './table.ts';

export interface AlarmsProps {
  functions: Functions;
  carriers: Carriers;
  mappings: Mappings;
  http: HttpApi;
  email: string | undefined;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** Watches the watcher: what is dead-lettered, late, failing, throttled, quarantined or silent tells a topic of its own. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = makeAlarmTopic(this, props.email);
    this.#watchFunctions(props.functions);
    this.#watchFailures(props);
    this.#watchCarriers(props);
    this.#add(
      'CanaryLate',
      new Metric({
        namespace: 'Sentry',
        metricName: 'CanaryLateness',
        dimensionsMap: { service: `sentry-${SWEEP.function}` },
        period: MINUTE,
        statistic: 'max',
      }),
      CANARY_LATENESS_MAX_MS,
      'canaries are late: detector, publisher, bus or a notifier stands still',
    );
    this.#add(
      'SweepSilent',
      props.functions.byName[SWEEP.function].metricInvocations({ period: MINUTE }),
      1,
      `nothing started sentry-${SWEEP.function} for three minutes: timers and retries stand still`,
      {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
  }

  #watchFunctions(functions: Functions): void {
    for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
      const made = functions.byName[name];
      const errors = made.metricErrors({ period: FIVE_MINUTES });
      this.#add(`${pascal(name)}Errors`, errors, 5, `sentry-${name} keeps failing`);
      const throttles = made.metricThrottles({ period: FIVE_MINUTES });
      this.#add(`${pascal(name)}Throttles`, throttles, 5, `sentry-${name} is throttled`);
    }
    for (const name of new Set(MAPPINGS.map((mapping) => mapping.function)))
      this.#add(
        `${pascal(name)}Behind`,
        functions.byName[name].metric('IteratorAge', { period: MINUTE, statistic: 'max' }),
        60_000,
        `sentry-${name} is more than a minute behind its stream`,
      );
  }

  #watchFailures({ carriers, mappings }: AlarmsProps): void {
    for (const [name, queue] of carriers.deadLetters)
      this.#add(
        `${pascal(name)}NotEmpty`,
        queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'max' }),
        1,
        `${name} holds what could not be delivered`,
      );
    for (const [name, mappingId] of mappings.toStore)
      this.#add(
        `${pascal(name)}GaveUp`,
        new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'OnFailureDestinationDeliveredEventCount',
          dimensionsMap: { EventSourceMappingUUID: mappingId },
          period: FIVE_MINUTES,
          statistic: 'sum',
        }),
        1,
        `sentry-${name} gave records up; they lie in the store under aws/lambda/`,
      );
    this.#add(
      'Quarantined',
      new Metric({
        namespace: 'Sentry',
        metricName: 'Quarantined',
        dimensionsMap: { service: 'sentry-detect' },
        period: FIVE_MINUTES,
        statistic: 'sum',
      }),
      100,
      'more than 100 records were quarantined in 5 minutes',
    );
    this.#add(
      'SeriesRefused',
      new Metric({
        namespace: 'Sentry',
        metricName: 'SeriesRefused',
        dimensionsMap: { service: 'sentry-detect' },
        period: FIVE_MINUTES,
        statistic: 'sum',
      }),
      1,
      'a tenant has too many series: events of new ones are not evaluated',
    );
  }

  #watchCarriers({ carriers, http }: AlarmsProps): void {
    this.#add(
      'StreamFull',
      carriers.stream.metricWriteProvisionedThroughputExceeded({
        period: FIVE_MINUTES,
        statistic: 'sum',
      }),
      1,
      'the event stream refuses records: add shards',
    );
    this.#add(
      'TimersLate',
      carriers.queues.timers.metricApproximateAgeOfOldestMessage({
        period: MINUTE,
        statistic: 'max',
      }),
      Duration.hours(1).toSeconds(),
      'a timer waits for more than an hour',
    );
    this.#add(
      'ApiFailing',
      http.metricServerError({ period: FIVE_MINUTES, statistic: 'sum' }),
      5,
      'the API answers with 5xx',
    );
  }

  #add(
    id: string,
    metric: IMetric,
    threshold: number,
    alarmDescription: string,
    others: Partial<ConstructorParameters<typeof Alarm>[2]> = {},
  ): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...others,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
