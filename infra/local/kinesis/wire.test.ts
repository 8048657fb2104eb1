import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startRig } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe('the wire (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)', () => {
  const raw = (headers: Record<string, string>, body: string) =>
    rig.kinesis.handle({
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
