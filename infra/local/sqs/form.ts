import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';
import { answerQuery, entries, members } from '#infra/local/wire/query.ts';
import type { QueryOperation } from '#infra/local/wire/query.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';
const NUMBERS = ['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds'];
const BATCHES = ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'];

/** The query protocol of SQS (command line tools before 2.14): the JSON operations in another dress. */
export async function answerForm(
  request: AwsRequest,
  operations: Readonly<Record<string, JsonOperation>>,
): Promise<AwsResponse> {
  const dressed: Record<string, QueryOperation> = Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      async (parameters: URLSearchParams) => {
        const output = await run(readInput(name, parameters, request), request);
        return renderOutput(name, (output ?? {}) as Record<string, unknown>);
      },
    ]),
  );
  return await answerQuery(request, dressed, NAMESPACE);
}

function readInput(name: string, parameters: URLSearchParams, request: AwsRequest): object {
  const input: Record<string, unknown> = readEntry(parameters);
  input['QueueUrl'] ??= request.path;
  const attributes = entries(parameters, 'Attribute', 'Name', 'Value');
  if (Object.keys(attributes).length > 0) input['Attributes'] = attributes;
  input['AttributeNames'] = members(parameters, 'AttributeName').map((member) => member.get(''));
  input['MessageAttributeNames'] = members(parameters, 'MessageAttributeName').map((member) =>
    member.get(''),
  );
  if (BATCHES.includes(name)) {
    input['Entries'] = members(parameters, `${name}RequestEntry`).map(readEntry);
  }
  return input;
}

/** Scalars by name, numbers as numbers, and message attributes as a map. */
function readEntry(parameters: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of parameters) {
    if (!name.includes('.')) input[name] = NUMBERS.includes(name) ? Number(value) : value;
  }
  const attributes = members(parameters, 'MessageAttribute').map((member) => [
    member.get('Name') ?? '',
    {
      DataType: member.get('Value.DataType') ?? '',
      StringValue: member.get('Value.StringValue') ?? undefined,
      BinaryValue: member.get('Value.BinaryValue') ?? undefined,
    },
  ]);
  if (attributes.length > 0) input['MessageAttributes'] = Object.fromEntries(attributes) as unknown;
  return input;
}

function renderOutput(name: string, output: Record<string, unknown>): string | undefined {
  if (Object.keys(output).length === 0) return name === 'ReceiveMessage' ? '' : undefined;
  return Object.entries(output)
    .map(([key, value]) => renderField(name, key, value))
    .join('');
}

const MEMBER_NAMES: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Failed: 'BatchResultErrorEntry',
};

function renderField(operation: string, key: string, value: unknown): string {
  if (value === undefined) return '';
  if (key === 'Attributes') return renderMap('Attribute', value as Record<string, unknown>);
  if (key === 'MessageAttributes')
    return renderMap('MessageAttribute', value as Record<string, unknown>);
  if (!Array.isArray(value)) return element(key, value as string | number | boolean);
  const member = key === 'Successful' ? `${operation}ResultEntry` : (MEMBER_NAMES[key] ?? key);
  return value
    .map((item: unknown) =>
      typeof item === 'string'
        ? element(member, item)
        : wrap(member, renderFields(operation, item as object)),
    )
    .join('');
}

function renderFields(operation: string, item: object): string {
  return Object.entries(item)
    .map(([key, value]) => renderField(operation, key, value))
    .join('');
}

function renderMap(name: string, map: Record<string, unknown>): string {
  return Object.entries(map)
    .map(([key, value]) => {
      const inner =
        typeof value === 'string'
          ? element('Value', value)
          : wrap('Value', renderFields('', value as object));
      return wrap(name, element('Name', key) + inner);
    })
    .join('');
}
