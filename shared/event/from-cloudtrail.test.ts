import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { decodeRecord } from './decode.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const decode = (value: unknown) =>
  decodeRecord(gzipSync(JSON.stringify(value)), { tenant: 'default', arrived_at_ms: NOW });

const record = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', userName: 'mara', accountId: '210987654321' },
  eventTime: '2026-11-23T11:58:00Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  awsRegion: 'eu-west-1',
  requestParameters: { userName: 'kay' },
  eventID: '0f5d7a4e-3f4b-4b9c-8a55-2f8d0a6f3a10',
  eventType: 'AwsApiCall',
  recipientAccountId: '210987654321',
};
const fromBus = {
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.iam',
  account: '210987654321',
  time: '2026-11-23T11:58:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: record,
};
const inLogs = {
  messageType: 'DATA_MESSAGE',
  logGroup: 'trail',
  logStream: 's',
  logEvents: [{ id: '1', timestamp: NOW, message: JSON.stringify(record) }],
};

describe('CloudTrail', () => {
  it('a record alone is an event under its own id, named as EventBridge names it', () => {
    const { events, rejects } = decode(record);
    expect(rejects).toEqual([]);
    expect(events.map(({ event }) => event)).toEqual([
      {
        event_id: record.eventID,
        source: 'aws.iam',
        type: 'AWS API Call via CloudTrail',
        severity: 'INFO',
        timestamp: '2026-11-23T11:58:00.000Z',
        category: 'audit',
        labels: { account: '210987654321', region: 'eu-west-1' },
        payload: record,
      },
    ]);
  });

  it.each([
    ['EventBridge', fromBus],
    ['a log file', { Records: [record] }],
    ['CloudWatch Logs', inLogs],
  ])('%s gives the same event, so that two ways in count once', (_name, body) => {
    const [expected] = decode(record).events;
    const { message_id: _id, ...event } = decode(body).events[0]!.event;
    expect(event).toEqual(expected!.event);
  });

  it.each([
    ['AwsConsoleSignIn', 'AWS Console Sign In via CloudTrail'],
    ['AwsServiceEvent', 'AWS Service Event via CloudTrail'],
    ['AwsVpceEvent', 'AWS API Call via CloudTrail'],
    ['constructor', 'AWS API Call via CloudTrail'],
  ])('the event type %s is "%s"', (eventType, type) => {
    expect(decode({ ...record, eventType }).events[0]!.event.type).toBe(type);
  });

  it.each([[undefined], [null], [7], [{}]])(
    'an event id that is %j is none: the envelope or the content gives one',
    (eventID) => {
      const { events, rejects } = decode([
        { ...record, eventID },
        { ...fromBus, detail: { ...record, eventID } },
      ]);
      expect(rejects).toEqual([]);
      expect(events.map(({ event }) => event.event_id)).toEqual([
        expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        fromBus.id,
      ]);
    },
  );

  it('a log file with one bad record keeps the others', () => {
    const { events, rejects } = decode({ Records: [record, 'torn', { ...record, eventID: 'b' }] });
    expect(events.map(({ event }) => event.event_id)).toEqual([record.eventID, 'b']);
    expect(rejects.map(({ reason }) => reason)).toEqual(['not_an_object']);
  });

  it.each([
    ["another service's notification", { ...record, eventSource: 'aws:s3' }],
    ['a list of such', { Records: [{ ...record, eventSource: 'aws:s3' }] }],
  ])('%s is no CloudTrail record', (_name, body) => {
    expect(decode(body).rejects.map(({ reason }) => reason)).toEqual(['missing_field']);
  });

  it('a native event that has such fields stays what its producer says it is', () => {
    const native = { ...record, source: 'mirror', type: 'trail.copied' };
    expect(decode(native).events[0]!.event).toMatchObject({
      source: 'mirror',
      type: 'trail.copied',
      payload: { eventName: 'CreateUser' },
    });
  });
});
