import { callJson, unlessRefused } from '#infra/local/instance/call.ts';
import type { Services } from '#infra/local/instance/services.ts';
import { localArn } from '#infra/local/service.ts';
import {
  BUCKETS,
  BUS,
  BUS_RULES,
  DEAD_LETTERS,
  QUEUES,
  STREAM,
  SWEEP,
  TABLES,
  TOPIC,
  type TableDefinition,
} from '#infra/topology.ts';

const DYNAMODB = 'DynamoDB_20120810';

/** Makes every resource of the topology that is not there yet; safe to repeat at each start. */
export async function provision(services: Services): Promise<void> {
  await unlessRefused(['ResourceInUseException'], () =>
    callJson(services.kinesis, 'Kinesis_20131202.CreateStream', {
      StreamName: STREAM.name,
      ShardCount: STREAM.shards,
    }),
  );
  await unlessRefused(['InvalidArgumentException'], () =>
    callJson(services.kinesis, 'Kinesis_20131202.IncreaseStreamRetentionPeriod', {
      StreamName: STREAM.name,
      RetentionPeriodHours: STREAM.retentionHours,
    }),
  );
  for (const table of Object.values(TABLES)) await provisionTable(services, table);
  for (const queue of DEAD_LETTERS)
    services.sqs.createQueue(queue, { MessageRetentionPeriod: '1209600' });
  for (const queue of Object.values(QUEUES))
    services.sqs.createQueue(queue.name, {
      VisibilityTimeout: String(queue.visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: localArn('sqs', queue.dlq),
        maxReceiveCount: queue.receiveMax,
      }),
    });
  const topic = services.sns.createTopic(TOPIC.name);
  services.sns.subscribe(topic, 'email', 'responders@example.com');
  for (const bucket of Object.values(BUCKETS)) services.s3.createBucket(bucket.name);
  await provisionBus(services);
}

async function provisionTable(services: Services, table: TableDefinition): Promise<void> {
  await unlessRefused(['ResourceInUseException'], () =>
    callJson(services.dynamodb, `${DYNAMODB}.CreateTable`, {
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributesOf(table),
      KeySchema: keySchema('pk', 'sk'),
      ...(table.indexes.length > 0 && {
        GlobalSecondaryIndexes: table.indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      ...(table.stream && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    }),
  );
  await addIndexes(services, table);
  const { ttlAttribute } = table;
  if (ttlAttribute === undefined) return;
  await unlessRefused(['ValidationException'], () =>
    callJson(services.dynamodb, `${DYNAMODB}.UpdateTimeToLive`, {
      TableName: table.name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: ttlAttribute },
    }),
  );
}

/** A table of an earlier version gets the indexes it lacks, as a deploy would give it. */
async function addIndexes(services: Services, table: TableDefinition): Promise<void> {
  const { Table } = await callJson(services.dynamodb, `${DYNAMODB}.DescribeTable`, {
    TableName: table.name,
  });
  const { GlobalSecondaryIndexes = [] } = Table as {
    GlobalSecondaryIndexes?: { IndexName: string }[];
  };
  const there = new Set(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
  for (const index of table.indexes.filter(({ name }) => !there.has(name)))
    await callJson(services.dynamodb, `${DYNAMODB}.UpdateTable`, {
      TableName: table.name,
      AttributeDefinitions: attributesOf(table),
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: index.name,
            KeySchema: keySchema(index.partitionKey, index.sortKey),
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    });
}

function attributesOf({ indexes }: TableDefinition) {
  const keys = indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return [...new Set(['pk', 'sk', ...keys])].map((name) => ({
    AttributeName: name,
    AttributeType: 'S',
  }));
}

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}

async function provisionBus(services: Services): Promise<void> {
  const call = (name: string, input: unknown) =>
    callJson(services.events, `AWSEvents.${name}`, input);
  await unlessRefused(['ResourceAlreadyExistsException'], () =>
    call('CreateEventBus', { Name: BUS.name }),
  );
  for (const rule of BUS_RULES) {
    const EventPattern = JSON.stringify(rule.pattern);
    await call('PutRule', { Name: rule.name, EventBusName: BUS.name, EventPattern });
    await call('PutTargets', {
      Rule: rule.name,
      EventBusName: BUS.name,
      Targets: [target(rule.function, rule.dlq, rule.retries, rule.ageMaxSeconds)],
    });
  }
  const unit = SWEEP.everyMinutes === 1 ? 'minute' : 'minutes';
  await call('PutRule', {
    Name: SWEEP.name,
    ScheduleExpression: `rate(${SWEEP.everyMinutes} ${unit})`,
  });
  await call('PutTargets', {
    Rule: SWEEP.name,
    Targets: [target(SWEEP.function, SWEEP.dlq, 2, 300)],
  });
}

function target(functionName: string, dlq: string, retries: number, ageSeconds: number) {
  return {
    Id: functionName,
    Arn: localArn('lambda', `function:${functionName}`),
    DeadLetterConfig: { Arn: localArn('sqs', dlq) },
    RetryPolicy: { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: ageSeconds },
  };
}
