import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { siteKey } from '#infra/site-headers.ts';
import { FUNCTIONS } from '#infra/functions.ts';
import {
  BUS_RULES,
  DEAD_LETTERS,
  MAPPINGS,
  QUEUES,
  STREAM,
  SWEEP,
  type TableDefinition,
  TABLES,
} from '#infra/topology.ts';
import { ROUTE_ACCESS } from '#shared/api/route-access.ts';

import { VIEWS } from './site.ts';
import { SentryStack } from './stack.ts';

type Resource = { Properties: Record<string, unknown> };
let folder: string;
let template: Template;
const all = (type: string) => Object.values(template.findResources(type)) as Resource[];
const properties = (type: string) => all(type).map(({ Properties }) => Properties);

beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
  folder = mkdtempSync(join(tmpdir(), 'sentry-stack-'));
  for (const name of [...Object.values(FUNCTIONS).map((one) => one.folder), 'setup']) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'handler.mjs'), 'export const handler = 1;');
  }
  writeFileSync(join(folder, 'functions', 'setup', 'rules.json'), '[]');
  mkdirSync(join(folder, 'dashboard'));
  writeFileSync(join(folder, 'dashboard', 'index.html'), '<!doctype html>');
  const stack = new SentryStack(new App({ outdir: join(folder, 'out') }), 'Test', {
    functionsFolder: join(folder, 'functions'),
    dashboardFolder: join(folder, 'dashboard'),
    alarmEmail: 'ops@example.com',
  });
  template = Template.fromStack(stack);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the stack is what the topology says', () => {
  it.each(Object.values(TABLES) as TableDefinition[])('table $name', (table) => {
    const found = properties('AWS::DynamoDB::Table').find(
      ({ TableName }) => TableName === table.name,
    )!;
    const indexes = (found.GlobalSecondaryIndexes ?? []) as { IndexName: string }[];
    expect(indexes.map(({ IndexName }) => IndexName)).toEqual(
      table.indexes.map(({ name }) => name),
    );
    expect(Boolean(found.StreamSpecification)).toBe(table.stream);
    expect(
      (found.TimeToLiveSpecification as { AttributeName?: string } | undefined)?.AttributeName,
    ).toBe(table.ttlAttribute);
    expect(found.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it('the stream keeps seven days, encrypted', () => {
    expect(properties('AWS::Kinesis::Stream')).toMatchObject([
      {
        Name: STREAM.name,
        RetentionPeriodHours: STREAM.retentionHours,
        ShardCount: STREAM.shards,
        StreamEncryption: { EncryptionType: 'KMS' },
      },
    ]);
  });

  it('every function runs Node 24 on arm64 with a role of its own', () => {
    const functions = properties('AWS::Lambda::Function').filter(
      ({ FunctionName }) => FunctionName,
    );
    expect(functions.map(({ FunctionName }) => String(FunctionName)).sort()).toEqual(
      [...Object.keys(FUNCTIONS), 'setup'].map((name) => `sentry-${name}`).sort(),
    );
    for (const one of functions)
      expect(one).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    const roles = functions.map(({ Role }) => JSON.stringify(Role));
    expect(new Set(roles).size).toBe(functions.length);
  });

  it('every stream mapping has its retries, age, bisect, item failures and a destination', () => {
    const mappings = properties('AWS::Lambda::EventSourceMapping').filter(
      ({ StartingPosition }) => StartingPosition,
    );
    expect(mappings).toHaveLength(MAPPINGS.length);
    for (const definition of MAPPINGS)
      expect(mappings).toContainEqual(
        expect.objectContaining({
          BatchSize: definition.batchSize,
          MaximumRetryAttempts: definition.retries,
          MaximumRecordAgeInSeconds: definition.recordAgeMaxSeconds,
          ParallelizationFactor: definition.parallelizationFactor,
          BisectBatchOnFunctionError: definition.bisect,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          DestinationConfig: { OnFailure: { Destination: expect.anything() } },
        }),
      );
  });

  it('every bus target has retries, an age and a dead-letter queue', () => {
    const rules = properties('AWS::Events::Rule');
    for (const { name, retries, ageMaxSeconds, pattern } of BUS_RULES)
      expect(rules).toContainEqual(
        expect.objectContaining({
          Name: name,
          EventPattern: pattern,
          Targets: [
            expect.objectContaining({
              RetryPolicy: {
                MaximumRetryAttempts: retries,
                MaximumEventAgeInSeconds: ageMaxSeconds,
              },
              DeadLetterConfig: { Arn: expect.anything() },
            }),
          ],
        }),
      );
    const queues = properties('AWS::SQS::Queue').map(({ QueueName }) => QueueName);
    expect(queues).toEqual(expect.arrayContaining([...DEAD_LETTERS]));
  });

  it('API Gateway has exactly the route table, with a token check on all that is not public', () => {
    const routes = properties('AWS::ApiGatewayV2::Route');
    const http = routes.filter(({ RouteKey }) => !String(RouteKey).startsWith('$'));
    expect(http.map(({ RouteKey }) => String(RouteKey)).sort()).toEqual(
      ROUTE_ACCESS.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const route of ROUTE_ACCESS) {
      const found = http.find(({ RouteKey }) => RouteKey === `${route.method} ${route.path}`)!;
      const open = (['public', 'signed'] as string[]).includes(route.access);
      expect(found.AuthorizationType).toBe(open ? 'NONE' : 'JWT');
    }
  });

  it('the socket takes its ticket from the query string', () => {
    const authorizers = properties('AWS::ApiGatewayV2::Authorizer');
    expect(authorizers).toContainEqual(
      expect.objectContaining({
        AuthorizerType: 'REQUEST',
        IdentitySource: ['route.request.querystring.ticket'],
      }),
    );
    const connect = properties('AWS::ApiGatewayV2::Route').find(
      ({ RouteKey }) => RouteKey === '$connect',
    )!;
    expect(connect.AuthorizationType).toBe('CUSTOM');
  });

  it('what a function started by the bus throws is retried, then kept in its dead-letter queue', () => {
    const configs = properties('AWS::Lambda::EventInvokeConfig');
    expect(configs).toHaveLength(new Set([...BUS_RULES, SWEEP].map((one) => one.function)).size);
    for (const config of configs)
      expect(config).toMatchObject({
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
  });

  it('a message is hidden for at least six times the time its function may take', () => {
    const timers = properties('AWS::SQS::Queue').find(
      ({ QueueName }) => QueueName === QUEUES.timers.name,
    )!;
    expect(timers.VisibilityTimeout).toBeGreaterThanOrEqual(6 * FUNCTIONS.escalate.timeoutSeconds);
  });

  it('only the functions that feed their own queues may go round in circles', () => {
    const circling = properties('AWS::Lambda::Function').filter(
      ({ RecursiveLoop }) => RecursiveLoop === 'Allow',
    );
    expect(circling.map(({ FunctionName }) => String(FunctionName)).sort()).toEqual([
      'sentry-backtest',
      'sentry-escalate',
    ]);
  });

  it('CloudWatch may publish to the alarm topic and use its key', () => {
    const allowed = (policy: unknown) =>
      JSON.stringify(policy).includes('"Service":"cloudwatch.amazonaws.com"');
    const topics = properties('AWS::SNS::TopicPolicy').filter((one) => allowed(one.PolicyDocument));
    expect(topics).toHaveLength(1);
    const [key, ...others] = properties('AWS::KMS::Key');
    expect(others).toEqual([]);
    expect(key!.EnableKeyRotation).toBe(true);
    expect(allowed(key!.KeyPolicy)).toBe(true);
    expect(properties('AWS::CloudWatch::Alarm').every(({ AlarmActions }) => AlarmActions)).toBe(
      true,
    );
  });

  it('silence of the sweep is an alarm within three minutes', () => {
    const alarms = properties('AWS::CloudWatch::Alarm').filter(
      ({ TreatMissingData }) => TreatMissingData === 'breaching',
    );
    expect(alarms).toMatchObject([
      { MetricName: 'Invocations', Period: 60, EvaluationPeriods: 3, Threshold: 1 },
    ]);
  });

  it('an error of the API stays one: only paths of views are answered with the page', () => {
    const [{ DistributionConfig }] = properties('AWS::CloudFront::Distribution') as [
      { DistributionConfig: Record<string, unknown> },
    ];
    expect(DistributionConfig.CustomErrorResponses).toBeUndefined();
    const { FunctionAssociations } = DistributionConfig.DefaultCacheBehavior as {
      FunctionAssociations: unknown[];
    };
    expect(FunctionAssociations).toHaveLength(1);
    for (const behavior of DistributionConfig.CacheBehaviors as object[])
      expect(behavior).not.toHaveProperty('FunctionAssociations');
    const handler = runInNewContext(`${VIEWS}; handler`) as (event: object) => { uri: string };
    for (const uri of ['/', '/alerts', '/alerts/a1.b/x', '/config.json', '/assets/a-1b.js'])
      expect(handler({ request: { uri } }).uri).toBe(`/${siteKey(uri)}`);
  });

  it('the journal can be appended to; only outbox rows can be deleted', () => {
    const journal = Object.keys(
      template.findResources('AWS::DynamoDB::Table', {
        Properties: { TableName: TABLES.journal.name },
      }),
    )[0];
    const statements = properties('AWS::IAM::Policy').flatMap(
      ({ PolicyDocument }) =>
        (
          PolicyDocument as {
            Statement: { Action: string | string[]; Resource: unknown; Condition?: unknown }[];
          }
        ).Statement,
    );
    const touching = statements.filter(({ Resource }) =>
      JSON.stringify(Resource).includes(`"${journal}"`),
    );
    const deleting = touching.filter(({ Action }) =>
      [Action].flat().some((action) => /Delete|Update|Batch.*Write|\*/.test(action)),
    );
    expect(deleting.length).toBe(2);
    for (const { Action, Condition } of deleting) {
      expect(Action).toBe('dynamodb:BatchWriteItem');
      expect(JSON.stringify(Condition)).toContain('OUTBOX#*');
    }
  });
});
