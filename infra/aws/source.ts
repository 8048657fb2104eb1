import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

import {
  BUCKETS,
  BUS,
  DEAD_LETTERS,
  type QueueName,
  QUEUES,
  STREAM,
  TOPIC,
} from '#infra/topology.ts';

import { pascal } from './table.ts';

/** What carries and keeps: the event stream, the bus, queues with their dead letters, the e-mail topic, the store. */
export class Carriers extends Construct {
  readonly stream: Stream;
  readonly bus: EventBus;
  readonly topic: Topic;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  readonly deadLetters: ReadonlyMap<string, Queue>;
  readonly store: Bucket;
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.stream = new Stream(this, 'Events', {
      streamName: STREAM.name,
      streamMode: StreamMode.PROVISIONED,
      shardCount: STREAM.shards,
      retentionPeriod: Duration.hours(STREAM.retentionHours),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.bus = new EventBus(this, 'Bus', { eventBusName: BUS.name });
    this.topic = new Topic(this, 'Email', {
      topicName: TOPIC.name,
      enforceSSL: true,
      masterKey: Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns'),
    });
    this.deadLetters = new Map(
      DEAD_LETTERS.map((name) => [
        name,
        new Queue(this, pascal(name.replace(/^sentry-/, '')), {
          queueName: name,
          retentionPeriod: Duration.days(14),
          encryption: QueueEncryption.SQS_MANAGED,
          enforceSSL: true,
        }),
      ]),
    );
    this.queues = {
      timers: this.#makeQueue('timers', QUEUES.timers.visibilitySeconds * 6),
      backtests: this.#makeQueue('backtests', QUEUES.backtests.visibilitySeconds),
    };
    this.accessLogs = privateBucket(this, 'AccessLogs', {
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    this.store = privateBucket(this, 'Store', {
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'store/',
      lifecycleRules: [
        {
          expiration: Duration.days(BUCKETS.store.expireDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }

  #makeQueue(name: QueueName, visibilitySeconds: number): Queue {
    const { name: queueName, dlq, receiveMax } = QUEUES[name];
    return new Queue(this, pascal(name), {
      queueName,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetter(dlq), maxReceiveCount: receiveMax },
    });
  }

  /** The dead-letter queue of that name. Throws RangeError for a name the topology does not list. */
  deadLetter(name: string): Queue {
    const queue = this.deadLetters.get(name);
    if (!queue) throw new RangeError(`no dead-letter queue ${name} in infra/topology.ts`);
    return queue;
  }
}

/** A bucket nobody reaches from outside: encrypted, TLS only, kept when the stack goes. */
export function privateBucket(
  scope: Construct,
  id: string,
  props: ConstructorParameters<typeof Bucket>[2] = {},
): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}
