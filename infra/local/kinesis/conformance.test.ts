import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';

import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  InvalidArgumentException,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import type { AwsService } from '#infra/local/service.ts';

import { createKinesis } from './service.ts';
import type { KinesisService } from './service.ts';

const API = 'https://docs.aws.amazon.com/kinesis/latest/APIReference';
const HOUR_MS = 3_600_000;

/** The SDK's Kinesis client speaks HTTP/2 with prior knowledge, so that is what this serves. */
async function serve(service: () => AwsService) {
  const server = createServer((request, response) => void answer(service(), request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function answer(
  service: AwsService,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answered = await service.handle({
    method: request.method,
    path: request.url,
    query: new URLSearchParams(),
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks),
    region: 'us-east-1',
  });
  response.writeHead(answered.status, answered.headers);
  response.end(answered.body);
}

let kinesis: KinesisService;
let clock: LocalClock;
let client: KinesisClient;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  server = await serve(() => kinesis);
  client = new KinesisClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(async () => {
  clock = new LocalClock();
  kinesis = createKinesis({ file: ':memory:', clock });
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 4 }));
  return async () => {
    await kinesis.close();
    clock.close();
  };
});

const bytes = (text: string) => new TextEncoder().encode(text);
const put = (key: string, text = key) =>
  client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: key, Data: bytes(text) }));

async function iterator(input: Partial<GetShardIteratorCommandInput> & { ShardId: string }) {
  const command = new GetShardIteratorCommand({
    StreamName: 's',
    ShardIteratorType: 'TRIM_HORIZON',
    ...input,
  });
  return (await client.send(command)).ShardIterator!;
}

async function read(input: Partial<GetShardIteratorCommandInput> & { ShardId: string }) {
  return client.send(new GetRecordsCommand({ ShardIterator: await iterator(input) }));
}

const texts = (records: { Data?: Uint8Array }[] = []) =>
  records.map(({ Data }) => new TextDecoder().decode(Data));

describe(`streams (${API}/API_CreateStream.html, API_DescribeStreamSummary.html)`, () => {
  it('API_CreateStream: a second stream of the same name is ResourceInUseException', async () => {
    const again = client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await expect(again).rejects.toThrow(ResourceInUseException);
  });

  it('API_DescribeStreamSummary: tells shards, retention of 24 h, record size and a stream found by ARN', async () => {
    const byName = await client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    const { StreamARN } = byName.StreamDescriptionSummary!;
    const byArn = await client.send(new DescribeStreamSummaryCommand({ StreamARN }));
    expect(byArn.StreamDescriptionSummary).toMatchObject({
      StreamName: 's',
      StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
      StreamStatus: 'ACTIVE',
      OpenShardCount: 4,
      RetentionPeriodHours: 24,
      MaxRecordSizeInKiB: 1024,
    });
  });

  it('API_DescribeStream: the shards cover the 128-bit hash key space without gap or overlap', async () => {
    await client.send(new CreateStreamCommand({ StreamName: 'three', ShardCount: 3 }));
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamName: 'three' }),
    );
    const ranges = StreamDescription!.Shards!.map(({ HashKeyRange }) => HashKeyRange!);
    expect(ranges[0]!.StartingHashKey).toBe('0');
    expect(ranges[2]!.EndingHashKey).toBe(String(2n ** 128n - 1n));
    for (const index of [1, 2]) {
      const previousEnd = BigInt(ranges[index - 1]!.EndingHashKey!);
      expect(BigInt(ranges[index]!.StartingHashKey!)).toBe(previousEnd + 1n);
    }
  });

  it('API_ListShards: pages by MaxResults and NextToken', async () => {
    const first = await client.send(new ListShardsCommand({ StreamName: 's', MaxResults: 3 }));
    const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken }));
    expect(first.Shards).toHaveLength(3);
    expect(second.Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000003']);
    expect(second.NextToken).toBeUndefined();
  });

  it('API_ListStreams: gives names in order and says whether there are more', async () => {
    await client.send(new CreateStreamCommand({ StreamName: 'a', ShardCount: 1 }));
    const first = await client.send(new ListStreamsCommand({ Limit: 1 }));
    expect(first).toMatchObject({ StreamNames: ['a'], HasMoreStreams: true });
    const rest = await client.send(new ListStreamsCommand({ NextToken: first.NextToken }));
    expect(rest).toMatchObject({ StreamNames: ['s'], HasMoreStreams: false });
  });

  it('API_DeleteStream: the stream and its iterators are gone, and its namesake starts empty', async () => {
    await put('k');
    const old = await iterator({ ShardId: 'shardId-000000000000' });
    await client.send(new DeleteStreamCommand({ StreamName: 's' }));
    await expect(put('k')).rejects.toThrow(ResourceNotFoundException);
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const stale = client.send(new GetRecordsCommand({ ShardIterator: old }));
    await expect(stale).rejects.toThrow(ResourceNotFoundException);
    expect((await read({ ShardId: 'shardId-000000000000' })).Records).toEqual([]);
  });

  it('API_AddTagsToStream: tags are kept and listed', async () => {
    await client.send(new AddTagsToStreamCommand({ StreamName: 's', Tags: { team: 'core' } }));
    const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName: 's' }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'core' }]);
  });

  it('API_RegisterStreamConsumer: what is not spoken here is refused by name', async () => {
    const consumer = new RegisterStreamConsumerCommand({ StreamARN: 'arn', ConsumerName: 'c' });
    await expect(client.send(consumer)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe(`writing (${API}/API_PutRecord.html, API_PutRecords.html)`, () => {
  it('API_PutRecord: the MD5 of the partition key picks the shard, an ExplicitHashKey overrides it', async () => {
    for (const key of ['a', 'b', 'checkout', 'ключ']) {
      const digest = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
      const expected = `shardId-${String(digest >> 126n).padStart(12, '0')}`;
      expect((await put(key)).ShardId).toBe(expected);
    }
    const explicit = new PutRecordCommand({
      StreamName: 's',
      PartitionKey: 'a',
      ExplicitHashKey: String(2n ** 128n - 1n),
      Data: bytes('x'),
    });
    expect((await client.send(explicit)).ShardId).toBe('shardId-000000000003');
  });

  it('API_PutRecord: sequence numbers of a shard only rise and have 56 digits', async () => {
    const numbers: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      numbers.push((await put('same key', String(index))).SequenceNumber!);
    }
    expect(numbers.every((number) => /^49\d{54}$/.test(number))).toBe(true);
    expect(numbers.map(BigInt)).toEqual(
      numbers.map(BigInt).sort((a, b) => (a < b ? -1 : Number(a > b))),
    );
    expect(new Set(numbers).size).toBe(20);
  });

  it('API_PutRecord: an ExplicitHashKey of 2^128 is InvalidArgumentException', async () => {
    const beyond = new PutRecordCommand({
      StreamName: 's',
      PartitionKey: 'a',
      ExplicitHashKey: String(2n ** 128n),
      Data: bytes('x'),
    });
    await expect(client.send(beyond)).rejects.toThrow(InvalidArgumentException);
  });

  it('API_PutRecord: partition keys have 1 to 256 characters', async () => {
    await expect(put('k'.repeat(256))).resolves.toMatchObject({ EncryptionType: 'NONE' });
    await expect(put('k'.repeat(257))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put('', 'x')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('quotas-and-limits: data and partition key together may have 1 MiB, not a byte more', async () => {
    await expect(put('key', 'x'.repeat(1024 * 1024 - 3))).resolves.toBeDefined();
    await expect(put('key', 'x'.repeat(1024 * 1024 - 2))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('API_PutRecords: 500 records pass, 501 and more than 10 MiB are refused whole', async () => {
    const records = (count: number, size: number) =>
      new PutRecordsCommand({
        StreamName: 's',
        Records: Array.from({ length: count }, (_, index) => ({
          PartitionKey: `k${index}`,
          Data: Buffer.alloc(size, 'x'),
        })),
      });
    const answer = await client.send(records(500, 10));
    expect(answer.FailedRecordCount).toBe(0);
    expect(answer.Records!.every(({ SequenceNumber }) => SequenceNumber)).toBe(true);
    await expect(client.send(records(501, 10))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(client.send(records(11, 1_000_000))).rejects.toThrow(InvalidArgumentException);
  });

  it('API_PutRecords: a partial failure is 200 with FailedRecordCount and an ErrorCode per record', async () => {
    kinesis.failPutRecords(0.3, 7);
    const answer = await client.send(
      new PutRecordsCommand({
        StreamName: 's',
        Records: Array.from({ length: 200 }, (_, index) => ({
          PartitionKey: `k${index}`,
          Data: bytes(`d${index}`),
        })),
      }),
    );
    const failed = answer.Records!.filter(({ ErrorCode }) => ErrorCode);
    expect(answer.FailedRecordCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.length).toBeLessThan(100);
    expect(new Set(failed.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set(['ProvisionedThroughputExceededException', 'InternalFailure']),
    );
    const kept: string[] = [];
    for (const index of [0, 1, 2, 3]) {
      kept.push(...texts((await read({ ShardId: `shardId-00000000000${index}` })).Records));
    }
    const accepted = answer.Records!.flatMap(({ ErrorCode }, index) =>
      ErrorCode ? [] : [`d${index}`],
    );
    expect(kept.sort()).toEqual(accepted.sort());
  });

  it('quotas-and-limits: with the limit on, a shard takes 1,000 records a second and no more', async () => {
    await kinesis.close();
    clock.close();
    clock = new LocalClock();
    clock.now = () => 1_800_000_000_000;
    kinesis = createKinesis({ file: ':memory:', clock, limitThroughput: true });
    await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const fourHundred = () =>
      client.send(
        new PutRecordsCommand({
          StreamName: 's',
          Records: Array.from({ length: 400 }, () => ({ PartitionKey: 'k', Data: bytes('x') })),
        }),
      );
    const counts = [await fourHundred(), await fourHundred(), await fourHundred()].map(
      ({ FailedRecordCount }) => FailedRecordCount,
    );
    expect(counts).toEqual([0, 0, 200]);
    await expect(put('k')).rejects.toThrow(ProvisionedThroughputExceededException);
    clock.now = () => 1_800_000_001_000;
    await expect(put('k')).resolves.toBeDefined();
  });

  it('API_PutRecord: a stream that does not exist is ResourceNotFoundException', async () => {
    const lost = new PutRecordCommand({ StreamName: 'no', PartitionKey: 'k', Data: bytes('x') });
    await expect(client.send(lost)).rejects.toThrow(ResourceNotFoundException);
  });
});

describe(`reading (${API}/API_GetShardIterator.html, API_GetRecords.html)`, () => {
  const ShardId = 'shardId-000000000002';
  const inShard = (text: string) =>
    client.send(
      new PutRecordCommand({
        StreamName: 's',
        PartitionKey: text.slice(0, 9),
        ExplicitHashKey: String(2n ** 127n),
        Data: bytes(text),
      }),
    );

  it('API_GetShardIterator: each of the five types starts where it says', async () => {
    const latest = await iterator({ ShardId, ShardIteratorType: 'LATEST' });
    await inShard('one');
    const two = await inShard('two');
    clock.advance(10_000);
    const Timestamp = new Date(clock.now());
    await inShard('three');
    const StartingSequenceNumber = two.SequenceNumber;
    const at = { ShardId, StartingSequenceNumber };
    const results = [
      await read({ ShardId }),
      await read({ ...at, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
      await read({ ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }),
      await read({ ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp }),
      await client.send(new GetRecordsCommand({ ShardIterator: latest })),
    ];
    expect(results.map(({ Records }) => texts(Records))).toEqual([
      ['one', 'two', 'three'],
      ['two', 'three'],
      ['three'],
      ['three'],
      ['one', 'two', 'three'],
    ]);
  });

  it('API_GetShardIterator: a sequence number of another shard is InvalidArgumentException', async () => {
    const { SequenceNumber: StartingSequenceNumber } = await inShard('x');
    const foreign = iterator({
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber,
    });
    await expect(foreign).rejects.toThrow(InvalidArgumentException);
  });

  it('API_GetShardIterator: an unknown shard is ResourceNotFoundException', async () => {
    await expect(iterator({ ShardId: 'shardId-000000000009' })).rejects.toThrow(
      ResourceNotFoundException,
    );
  });

  it('API_GetRecords: Limit pages on with NextShardIterator and tells how far behind it is', async () => {
    for (const text of ['a', 'b', 'c']) await inShard(text);
    clock.advance(60_000);
    const first = await client.send(
      new GetRecordsCommand({ ShardIterator: await iterator({ ShardId }), Limit: 2 }),
    );
    expect(texts(first.Records)).toEqual(['a', 'b']);
    expect(first.MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
    const second = await client.send(
      new GetRecordsCommand({ ShardIterator: first.NextShardIterator }),
    );
    expect(texts(second.Records)).toEqual(['c']);
    expect(second.MillisBehindLatest).toBe(0);
    expect(second.NextShardIterator).toBeDefined();
  });

  it('API_GetRecords: gives at most 10 MiB at once and the rest with the next call', async () => {
    for (let index = 0; index < 12; index += 1) await inShard(`${index}`.padEnd(1_000_000, 'x'));
    const first = await read({ ShardId });
    const second = await client.send(
      new GetRecordsCommand({ ShardIterator: first.NextShardIterator }),
    );
    expect(first.Records).toHaveLength(10);
    expect(second.Records).toHaveLength(2);
  });

  it('API_GetRecords: a Limit over 10,000 is refused', async () => {
    const command = new GetRecordsCommand({
      ShardIterator: await iterator({ ShardId }),
      Limit: 10_001,
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('API_GetRecords: an iterator is good for five minutes, then ExpiredIteratorException', async () => {
    const ShardIterator = await iterator({ ShardId });
    clock.advance(299_000);
    await client.send(new GetRecordsCommand({ ShardIterator }));
    clock.advance(2_000);
    const late = client.send(new GetRecordsCommand({ ShardIterator }));
    await expect(late).rejects.toThrow(ExpiredIteratorException);
  });

  it('API_GetRecords: a made-up iterator is InvalidArgumentException', async () => {
    const command = new GetRecordsCommand({ ShardIterator: 'AAAA' });
    await expect(client.send(command)).rejects.toThrow(InvalidArgumentException);
  });

  it('kinesis-extended-retention: records go after 24 h, later where the retention was raised', async () => {
    await inShard('old');
    clock.advance(23 * HOUR_MS);
    await client.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: 's', RetentionPeriodHours: 48 }),
    );
    await inShard('new');
    clock.advance(2 * HOUR_MS);
    expect(texts((await read({ ShardId })).Records)).toEqual(['old', 'new']);
    clock.advance(24 * HOUR_MS);
    const before = await inShard('newest');
    expect(texts((await read({ ShardId })).Records)).toEqual(['new', 'newest']);
    clock.advance(49 * HOUR_MS);
    expect((await read({ ShardId })).Records).toEqual([]);
    const after = await inShard('after');
    expect(BigInt(after.SequenceNumber!)).toBeGreaterThan(BigInt(before.SequenceNumber!));
  });

  it('API_IncreaseStreamRetentionPeriod: fewer hours than now is InvalidArgumentException', async () => {
    const less = new IncreaseStreamRetentionPeriodCommand({
      StreamName: 's',
      RetentionPeriodHours: 12,
    });
    await expect(client.send(less)).rejects.toThrow(InvalidArgumentException);
  });
});

describe('the wire (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)', () => {
  const raw = (headers: Record<string, string>, body: string) =>
    kinesis.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers,
      body: Buffer.from(body),
      region: 'us-east-1',
    });

  it('aws-json-1_1: errors carry __type, x-amzn-errortype and a request id', async () => {
    const answer = await raw(
      { 'x-amz-target': 'Kinesis_20131202.PutRecord' },
      '{"StreamName":"x"}',
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(String(answer.body))).toMatchObject({ __type: 'ResourceNotFoundException' });
    expect(answer.headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('aws-json-1_1: data that is not base64 is refused, never stored short', async () => {
    const body = '{"StreamName":"s","PartitionKey":"k","Data":"ab$%cd=="}';
    const answer = await raw({ 'x-amz-target': 'Kinesis_20131202.PutRecord' }, body);
    expect(JSON.parse(String(answer.body))).toMatchObject({ __type: 'SerializationException' });
  });

  it('a CBOR body is refused with the way to turn CBOR off', async () => {
    const headers = {
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      'content-type': 'application/x-amz-cbor-1.1',
    };
    const answer = await raw(headers, '\u00a0');
    expect(answer.status).toBe(400);
    expect(String(answer.body)).toContain('AWS_CBOR_DISABLE=1');
  });
});
