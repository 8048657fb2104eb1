import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

import { PARAMETERS } from '#infra/environment.ts';
import type { Grant } from '#infra/functions.ts';
import { type QueueName, type TableName, TABLES } from '#infra/topology.ts';

import type { Carriers } from './source.ts';
import type { Tables } from './table.ts';

export interface GrantTargets {
  tables: Tables;
  carriers: Carriers;
  /** `arn:…:execute-api:…/live/*` of the WebSocket API. */
  liveConnectionsArn: string;
}

const READ = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:ConditionCheckItem',
];
const WRITE = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
];

/** Writes one grant of the topology into a role, with the narrowest statement that does it. */
export function give(role: Role, grant: Grant, targets: GrantTargets): void {
  for (const statement of statementsOf(grant, targets, role))
    role.addToPolicy(new PolicyStatement(statement));
}

type Statement = ConstructorParameters<typeof PolicyStatement>[0];

function statementsOf(grant: Grant, targets: GrantTargets, role: Role): Statement[] {
  const { carriers } = targets;
  if (grant.startsWith('table:')) return tableStatements(grant, targets);
  if (grant.startsWith('store:')) {
    const [, prefix, verb] = grant.split(':') as [string, string, 'read' | 'list' | 'write'];
    if (prefix === 'failures') return failureStatements(carriers);
    if (verb === 'list')
      return [
        {
          actions: ['s3:ListBucket'],
          resources: [carriers.store.bucketArn],
          conditions: { StringLike: { 's3:prefix': [`${prefix}/*`] } },
        },
      ];
    const actions = verb === 'read' ? ['s3:GetObject'] : ['s3:PutObject'];
    return [{ actions, resources: [carriers.store.arnForObjects(`${prefix}/*`)] }];
  }
  if (grant.startsWith('queue:')) {
    const [, name, verb] = grant.split(':') as [string, QueueName, 'send' | 'receive'];
    if (verb === 'receive') return []; // By its event source mapping.
    return [{ actions: ['sqs:SendMessage'], resources: [carriers.queues[name].queueArn] }];
  }
  switch (grant) {
    case 'stream:put':
      return [
        {
          actions: ['kinesis:PutRecord', 'kinesis:PutRecords'],
          resources: [carriers.stream.streamArn],
        },
      ];
    case 'stream:read':
      return []; // The event source mapping brings exactly what polling needs.
    case 'bus:put':
      return [{ actions: ['events:PutEvents'], resources: [carriers.bus.eventBusArn] }];
    case 'topic:publish':
      return [{ actions: ['sns:Publish'], resources: [carriers.topic.topicArn] }];
    case 'live:push':
      return [
        { actions: ['execute-api:ManageConnections'], resources: [targets.liveConnectionsArn] },
      ];
    case 'secret:signing-key:read':
      return [
        { actions: ['ssm:GetParameter'], resources: [parameterArn(role, PARAMETERS.signingKey)] },
      ];
    case 'secret:channel:read':
      return [
        {
          actions: ['ssm:GetParameter'],
          resources: [parameterArn(role, `${PARAMETERS.channelPrefix}*`)],
        },
      ];
    case 'secret:hook:read':
      return [
        {
          actions: ['ssm:GetParameter'],
          resources: [parameterArn(role, `${PARAMETERS.hookPrefix}*`)],
        },
      ];
    default:
      throw new RangeError(`no statement for the grant ${grant}`);
  }
}

function tableStatements(grant: Grant, { tables }: GrantTargets): Statement[] {
  const [, name, verb] = grant.split(':') as [string, TableName, string];
  const table = tables.byName[name];
  const indexes = TABLES[name].indexes.length > 0 ? [`${table.tableArn}/index/*`] : [];
  if (verb === 'read') return [{ actions: READ, resources: [table.tableArn, ...indexes] }];
  if (verb === 'write') return [{ actions: WRITE, resources: [table.tableArn] }];
  if (verb === 'append') return [{ actions: ['dynamodb:PutItem'], resources: [table.tableArn] }];
  return [
    {
      actions: ['dynamodb:BatchWriteItem'],
      resources: [table.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OUTBOX#*'] },
        // Without keys ForAllValues would hold.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ];
}

/** What Lambda asks of a role whose mapping keeps failures in S3; it chooses the prefix `aws/lambda/` itself. */
function failureStatements({ store }: Carriers): Statement[] {
  return [
    { actions: ['s3:PutObject'], resources: [store.arnForObjects('aws/lambda/*')] },
    { actions: ['s3:ListBucket'], resources: [store.bucketArn] },
  ];
}

/** A parameter of Parameter Store by its name. */
export function parameterArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: name.slice(1),
  });
}
