import type { Grant } from '#infra/functions.ts';
import type { AwsRequest } from '#infra/local/service.ts';

import type { Call } from './role.ts';

type Json = Record<string, unknown>;
type Keyed = { pk: { S: string } };

const STORE = 'CarriersStore';
const SIMPLE = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan']);
const IN_TRANSACTION = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
} as const;

/** The IAM actions one request of an SDK needs (Service Authorization Reference). */
export function readCalls(service: string, request: AwsRequest): Call[] {
  if (service === 's3') {
    const [, , ...key] = request.path.split('/');
    if (request.method === 'GET' && key.join('/') === '')
      return [{ action: 's3:ListBucket', resource: STORE }];
    const verb = request.method === 'PUT' ? 'PutObject' : 'GetObject';
    return [{ action: `s3:${verb}`, resource: `${STORE}/${key.join('/')}` }];
  }
  const action = request.headers['x-amz-target']?.split('.').at(-1);
  if (action === undefined) return readForm(service, request);
  const body = JSON.parse(request.body.toString('utf8')) as Json;
  if (service === 'dynamodb') return readTableCalls(action, body);
  return [{ action: `${service}:${action}`, resource: resourceOf(body) }];
}

const READ = 'dynamodb:(GetItem|BatchGetItem|Query|ConditionCheckItem)';
const CHANGE = 'dynamodb:(PutItem|UpdateItem|DeleteItem)';

/** True when the call is what that grant is for. */
export function isUse(grant: Grant, { action, resource }: Call): boolean {
  const [kind, name, verb] = grant.split(':') as [string, string, string?];
  const is = (actions: string, resources: string) =>
    new RegExp(`^${actions}$`).test(action) && new RegExp(`^${resources}(/|$)`).test(resource);
  switch (kind) {
    case 'table': {
      const actions = { read: READ, append: 'dynamodb:PutItem', clear: 'dynamodb:BatchWriteItem' };
      return is(actions[verb as keyof typeof actions] ?? CHANGE, `sentry-${name}`);
    }
    case 'store':
      if (verb === 'list') return is('s3:ListBucket', STORE);
      return is(verb === 'read' ? 's3:GetObject' : 's3:PutObject', `${STORE}/${name}`);
    case 'secret':
      return is('ssm:GetParameter', `parameter/sentry/${name}`);
    default:
      return is(
        `(kinesis|events|sns|sqs):${WAY[kind as keyof typeof WAY]}`,
        kind === 'queue' ? `sentry-${name}` : 'sentry.*',
      );
  }
}
const WAY = { stream: 'PutRecords?', bus: 'PutEvents', topic: 'Publish', queue: 'SendMessage' };

function readForm(service: string, request: AwsRequest): Call[] {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const resource = (form.get('TopicArn') ?? form.get('QueueUrl') ?? '').split(/[:/]/).at(-1)!;
  return [{ action: `${service}:${form.get('Action')}`, resource }];
}

function resourceOf(body: Json): string {
  if (typeof body.StreamName === 'string') return body.StreamName;
  if (typeof body.QueueUrl === 'string') return body.QueueUrl.split('/').at(-1)!;
  if (Array.isArray(body.Entries))
    return (body.Entries as { EventBusName: string }[])[0]!.EventBusName;
  return `parameter${String(body.Name).split(':')[0]}`;
}

function readTableCalls(action: string, body: Json): Call[] {
  if (SIMPLE.has(action)) {
    const index = body.IndexName === undefined ? '' : `/index/${body.IndexName as string}`;
    return [{ action: `dynamodb:${action}`, resource: `${body.TableName as string}${index}` }];
  }
  if (action === 'TransactWriteItems')
    return (body.TransactItems as Json[]).flatMap((item) =>
      Object.entries(item as Record<string, { TableName: string }>).map(
        ([kind, { TableName }]) => ({
          action: `dynamodb:${IN_TRANSACTION[kind as keyof typeof IN_TRANSACTION]}`,
          resource: TableName,
        }),
      ),
    );
  const tables = Object.entries(body.RequestItems as Record<string, Json[]>);
  return tables.map(([resource, requests]) => ({
    action: `dynamodb:${action}`,
    resource,
    ...(action === 'BatchWriteItem' && { keys: requests.map(keyOf) }),
  }));
}

function keyOf(request: Json): string {
  const { DeleteRequest, PutRequest } = request as {
    DeleteRequest?: { Key: Keyed };
    PutRequest?: { Item: Keyed };
  };
  return (DeleteRequest?.Key ?? PutRequest!.Item).pk.S;
}
