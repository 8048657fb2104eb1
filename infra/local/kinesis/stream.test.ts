import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { API, startRig } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`streams (${API}/API_CreateStream.html, API_DescribeStreamSummary.html)`, () => {
  it('API_CreateStream: a second stream of the same name is ResourceInUseException', async () => {
    const again = rig.client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await expect(again).rejects.toThrow(ResourceInUseException);
  });

  it('API_DescribeStreamSummary: tells shards, retention of 24 h, record size and a stream found by ARN', async () => {
    const byName = await rig.client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    const { StreamARN } = byName.StreamDescriptionSummary!;
    const byArn = await rig.client.send(new DescribeStreamSummaryCommand({ StreamARN }));
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
    await rig.client.send(new CreateStreamCommand({ StreamName: 'three', ShardCount: 3 }));
    const { StreamDescription } = await rig.client.send(
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
    const first = await rig.client.send(new ListShardsCommand({ StreamName: 's', MaxResults: 3 }));
    const second = await rig.client.send(new ListShardsCommand({ NextToken: first.NextToken }));
    expect(first.Shards).toHaveLength(3);
    expect(second.Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000003']);
    expect(second.NextToken).toBeUndefined();
  });

  it('API_ListStreams: gives names in order and says whether there are more', async () => {
    await rig.client.send(new CreateStreamCommand({ StreamName: 'a', ShardCount: 1 }));
    const first = await rig.client.send(new ListStreamsCommand({ Limit: 1 }));
    expect(first).toMatchObject({ StreamNames: ['a'], HasMoreStreams: true });
    const rest = await rig.client.send(new ListStreamsCommand({ NextToken: first.NextToken }));
    expect(rest).toMatchObject({ StreamNames: ['s'], HasMoreStreams: false });
  });

  it('API_DeleteStream: the stream and its iterators are gone, and its namesake starts empty', async () => {
    await rig.put('k');
    const old = await rig.iterator({ ShardId: 'shardId-000000000000' });
    await rig.client.send(new DeleteStreamCommand({ StreamName: 's' }));
    await expect(rig.put('k')).rejects.toThrow(ResourceNotFoundException);
    await rig.client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const stale = rig.client.send(new GetRecordsCommand({ ShardIterator: old }));
    await expect(stale).rejects.toThrow(ResourceNotFoundException);
    expect(await rig.read({ ShardId: 'shardId-000000000000' })).toEqual([]);
  });

  it('API_AddTagsToStream: tags are kept and listed', async () => {
    await rig.client.send(new AddTagsToStreamCommand({ StreamName: 's', Tags: { team: 'core' } }));
    const { Tags } = await rig.client.send(new ListTagsForStreamCommand({ StreamName: 's' }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'core' }]);
  });

  it('API_RegisterStreamConsumer: what is not spoken here is refused by name', async () => {
    const consumer = new RegisterStreamConsumerCommand({ StreamARN: 'arn', ConsumerName: 'c' });
    await expect(rig.client.send(consumer)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
