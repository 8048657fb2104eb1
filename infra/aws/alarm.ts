import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

import { FUNCTIONS, type FunctionName, MAPPINGS } from '#infra/topology.ts';

import type { Functions } from './function.ts';
import type { Carriers } from './source.ts';
import { pascal } from './table.ts';

export interface AlarmsProps {
  functions: Functions;
  carriers: Carriers;
  email: string | undefined;
}

/** Watches the watcher: anything dead-lettered, late, failing, throttled or quarantined tells a topic of its own. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { functions, carriers, email }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      topicName: 'sentry-alarms',
      enforceSSL: true,
      masterKey: Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns'),
    });
    if (email) this.topic.addSubscription(new EmailSubscription(email));
    for (const [name, queue] of carriers.deadLetters)
      this.#add(
        `${pascal(name)}NotEmpty`,
        queue.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
          statistic: 'max',
        }),
        1,
        `${name} holds what could not be delivered`,
      );
    for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
      const made = functions.byName[name];
      this.#add(
        `${pascal(name)}Errors`,
        made.metricErrors({ period: Duration.minutes(5) }),
        5,
        `sentry-${name} keeps failing`,
      );
      this.#add(
        `${pascal(name)}Throttles`,
        made.metricThrottles({ period: Duration.minutes(5) }),
        5,
        `sentry-${name} is throttled`,
      );
    }
    for (const name of new Set(MAPPINGS.map((mapping) => mapping.function)))
      this.#add(
        `${pascal(name)}Behind`,
        functions.byName[name].metric('IteratorAge', {
          period: Duration.minutes(1),
          statistic: 'max',
        }),
        60_000,
        `sentry-${name} is more than a minute behind its stream`,
      );
    this.#add(
      'Quarantined',
      new Metric({
        namespace: 'Sentry',
        metricName: 'Quarantined',
        dimensionsMap: { service: 'sentry-detect' },
        period: Duration.minutes(5),
        statistic: 'sum',
      }),
      100,
      'more than 100 records were quarantined in 5 minutes',
    );
  }

  #add(id: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
