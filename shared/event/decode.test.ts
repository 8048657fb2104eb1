import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeRecord } from './decode.ts';
import { EVENT_BYTES_MAX, EVENT_DEPTH_MAX, EventRecord, INFLATED_BYTES_MAX } from './schema.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const arrival = { tenant: 'default', arrived_at_ms: NOW };
const native = {
  event_id: '4f9d5c0a-6f6e-4e8a-9a55-0c6d3a5b1e11',
  source: 'checkout',
  type: 'metric.cpu',
  severity: 'WARN',
  timestamp: '2026-11-23T11:59:58.000Z',
  service: 'checkout',
  payload: { value_percent: 97 },
};
const bytes = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const decode = (value: unknown) =>
  decodeRecord(value instanceof Uint8Array ? value : bytes(value), arrival);
const ids = (value: unknown) => decode(value).events.map(({ event }) => event.event_id);
const reasons = (value: unknown) => decode(value).rejects.map(({ reason }) => reason);
const withId = (event_id: string) => ({ ...native, event_id });

describe('formats', () => {
  it.each([
    ['native JSON', bytes(native)],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(native)])],
    ['an array', bytes([native])],
    ['gzip', gzipSync(bytes(native))],
    ['zlib', deflateSync(bytes(native))],
    ['zstd', zstdCompressSync(bytes(native))],
    ['gzip in gzip', gzipSync(gzipSync(bytes(native)))],
  ])('%s gives the native event', (_name, record) => {
    const { events, rejects } = decode(record);
    expect(rejects).toEqual([]);
    expect(events.map(({ event }) => event)).toEqual([native]);
  });

  it('NDJSON gives one event a line', () => {
    expect(ids(`${JSON.stringify(withId('a'))}\n\n${JSON.stringify(withId('b'))}\r\n`)).toEqual([
      'a',
      'b',
    ]);
  });

  it('a CloudEvent keeps (source, id) as its identity', () => {
    const cloudEvent = (id: string) => ({
      specversion: '1.0',
      id,
      source: '/shop',
      type: 'order.failed',
      time: '2026-11-23T11:59:00Z',
      severity: 'high',
      data: { order: 7 },
    });
    const [first] = decode(cloudEvent('1')).events;
    expect(first!.event).toMatchObject({
      source: '/shop',
      type: 'order.failed',
      severity: 'ERROR',
      message_id: '1',
      payload: { order: 7 },
    });
    expect(ids([cloudEvent('1'), cloudEvent('1'), cloudEvent('2')])).toHaveLength(3);
    expect(new Set(ids([cloudEvent('1'), cloudEvent('1'), cloudEvent('2')])).size).toBe(2);
  });

  it('an EventBridge alarm becomes an ERROR with account and region as labels', () => {
    const envelope = {
      version: '0',
      id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '123456789012',
      time: '2026-11-23T11:59:00Z',
      region: 'eu-central-1',
      resources: ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:cpu'],
      detail: { alarmName: 'cpu', state: { value: 'ALARM' } },
    };
    expect(decode(envelope).events[0]!.event).toMatchObject({
      event_id: envelope.id,
      type: 'CloudWatch Alarm State Change',
      severity: 'ERROR',
      labels: { account: '123456789012', region: 'eu-central-1' },
    });
  });

  it('a logs subscription gives an event a line, and its control message none', () => {
    const message = {
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logGroup: '/aws/lambda/pay',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents: [
        { id: '1', timestamp: NOW, message: 'plain' },
        { id: '2', timestamp: NOW, message: '{"level":"error","msg":"no"}' },
        { id: '3', timestamp: NOW, message: JSON.stringify({ source: 'pay', type: 'auth.login' }) },
        { id: '4' },
      ],
    };
    const { events, rejects } = decode(gzipSync(bytes(message)));
    expect(events.map(({ event }) => [event.event_id, event.type, event.severity])).toEqual([
      ['logs-1', 'log.line', 'INFO'],
      ['logs-2', 'log.line', 'ERROR'],
      ['logs-3', 'auth.login', 'INFO'],
    ]);
    expect(rejects.map(({ reason, index }) => [reason, index])).toEqual([['bad_log_event', 3]]);
    expect(decode({ ...message, messageType: 'CONTROL_MESSAGE' })).toEqual({
      events: [],
      rejects: [],
    });
  });
});

describe('refusals', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'bad_utf8'],
    ['broken JSON', bytes('{"source":'), 'bad_json'],
    ['a text line', bytes('GET / 200'), 'bad_json'],
    ['depth 7,000', bytes(`${'['.repeat(7000)}${']'.repeat(7000)}`), 'too_deep'],
    [
      'a deep payload',
      bytes(`{"source":"a","type":"b","payload":${'{"a":'.repeat(7000)}1${'}'.repeat(7000)}}`),
      'too_deep',
    ],
    ['a gzip bomb', gzipSync(Buffer.alloc(INFLATED_BYTES_MAX + 1)), 'inflates_too_large'],
    ['torn gzip', gzipSync(bytes(native)).subarray(0, 30), 'bad_compression'],
    ['gzip four deep', gzipSync(gzipSync(gzipSync(bytes(native)))), 'compressed_too_deep'],
    [
      'an event over 256 KiB',
      bytes({ ...native, payload: 'x'.repeat(EVENT_BYTES_MAX) }),
      'too_large',
    ],
    ['a number', bytes('7'), 'not_an_object'],
    ['{"constructor":…}', bytes('{"constructor":{"prototype":{"x":1}}}'), 'forbidden_key'],
    ['{"__proto__":…}', bytes('{"__proto__":{"x":1},"source":"a","type":"b"}'), 'forbidden_key'],
    ['no source', bytes({ type: 'a' }), 'missing_field'],
    ['no type', bytes({ source: 'a' }), 'missing_field'],
    ['an object as source', bytes({ source: {}, type: 'a' }), 'bad_field'],
    ['an unknown severity', bytes({ ...native, severity: 'banana' }), 'bad_severity'],
    ['an unknown category', bytes({ ...native, category: 'cats' }), 'bad_category'],
    ['labels that are no strings', bytes({ ...native, labels: { a: {} } }), 'bad_field'],
    [
      'CloudEvents 0.3',
      bytes({ specversion: '0.3', id: '1', source: 's', type: 't' }),
      'bad_specversion',
    ],
  ])('%s is refused alone, with its bytes', (_name, record, reason) => {
    const { events, rejects } = decode(record);
    expect(events).toEqual([]);
    expect(rejects.map((reject) => reject.reason)).toEqual([reason]);
    expect(Buffer.from(rejects[0]!.raw).equals(record)).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it('a bad event in an array leaves its neighbours and their places', () => {
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
    const good = (id: string) => JSON.stringify(withId(id));
    const record = `[${good('a')},{"source":1},${good('b')},${deep},${good('c')},nul]`;
    const { events, rejects } = decode(record);
    expect(events.map(({ event, index }) => [event.event_id, index])).toEqual([
      ['a', 0],
      ['b', 2],
      ['c', 4],
    ]);
    expect(rejects.map(({ reason, index }) => [reason, index])).toEqual([
      ['bad_field', 1],
      ['too_deep', 3],
      ['bad_json', 5],
    ]);
  });

  it('nesting is allowed to the limit and no further, alone and in an array', () => {
    const nested = (depth: number) =>
      `{"source":"s","type":"t","payload":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    for (const wrap of [(event: string) => event, (event: string) => ` [${event}]`]) {
      expect(decode(wrap(nested(EVENT_DEPTH_MAX))).events).toHaveLength(1);
      expect(reasons(wrap(nested(EVENT_DEPTH_MAX + 1)))).toEqual(['too_deep']);
    }
  });

  it('a bad line of NDJSON leaves its neighbours', () => {
    const record = `${JSON.stringify(withId('a'))}\n{"torn":\n${JSON.stringify(withId('b'))}`;
    expect(ids(record)).toEqual(['a', 'b']);
    expect(reasons(record)).toEqual(['bad_json']);
  });

  it('an array over 256 KiB of small events is taken whole', () => {
    const many = Array.from({ length: 2000 }, (_, at) => withId(`e${at}`));
    expect(ids(many)).toHaveLength(2000);
  });
});

describe('normalising', () => {
  const event = (raw: object) => decode({ source: 'a', type: 'b', ...raw }).events[0]!;

  it('a missing id is the same for the same content, and differs by tenant', () => {
    const record = bytes({ source: 'a', type: 'b', payload: { n: 1 } });
    const id = decodeRecord(record, arrival).events[0]!.event.event_id;
    expect(
      decodeRecord(bytes([{ source: 'a', type: 'b', payload: { n: 1 } }]), arrival).events[0]!.event
        .event_id,
    ).toBe(id);
    expect(
      decodeRecord(record, { ...arrival, tenant: 'other' }).events[0]!.event.event_id,
    ).not.toBe(id);
  });

  it.each([
    ['2026-11-23T13:00:00+02:00', '2026-11-23T11:00:00.000Z', undefined],
    ['2026-11-23T13:00:00+0200', '2026-11-23T11:00:00.000Z', undefined],
    [NOW / 1000, '2026-11-23T12:00:00.000Z', undefined],
    [NOW, '2026-11-23T12:00:00.000Z', undefined],
    [`${NOW}000000`, '2026-11-23T12:00:00.000Z', undefined],
    ['0001-01-01T00:00:00Z', '2026-11-23T12:00:00.000Z', undefined],
    [undefined, '2026-11-23T12:00:00.000Z', undefined],
    ['yesterday', '2026-11-23T12:00:00.000Z', true],
    ['1970-01-01T00:00:01Z', '2026-11-22T12:00:00.000Z', true],
    ['9999-12-31T23:59:59Z', '2026-11-23T12:05:00.000Z', true],
    ['2026-11-24T12:00:00Z', '2026-11-23T12:05:00.000Z', true],
  ])('timestamp %s is read as %s', (given, expected, skewed) => {
    expect(event({ timestamp: given }).event).toMatchObject({ timestamp: expected });
    expect(event({ timestamp: given }).event.clock_skewed).toBe(skewed);
  });

  it.each([
    ['high', 'ERROR'],
    ['Fatal', 'CRITICAL'],
    ['medium', 'WARN'],
    ['low', 'INFO'],
    [undefined, 'INFO'],
  ])('severity %s is %s, and the original word is kept', (given, expected) => {
    expect(event({ severity: given }).event).toMatchObject({ severity: expected });
    expect(event({ severity: given }).event.original_severity).toBe(given);
  });

  it('any JSON either becomes an event that fits the schema or a reject', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            event_id: fc.anything(),
            source: fc.oneof(fc.string({ minLength: 1 }), fc.jsonValue()),
            type: fc.oneof(fc.string({ minLength: 1 }), fc.jsonValue()),
            severity: fc.oneof(fc.constantFrom('low', 'ERROR', 'x'), fc.jsonValue()),
            timestamp: fc.oneof(
              fc.date({ noInvalidDate: true }).map(String),
              fc.double(),
              fc.jsonValue(),
            ),
            labels: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
            category: fc.oneof(fc.constant('audit'), fc.jsonValue()),
            payload: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        (raw) => {
          let text: string;
          try {
            text = JSON.stringify(raw);
          } catch {
            return;
          }
          const { events, rejects } = decode(text);
          expect(events.length + rejects.length).toBe(1);
          for (const { event } of events)
            expect(EventRecord.safeParse(event).error).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('any bytes at all give events or rejects, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (record) => {
        const { events, rejects } = decode(record);
        expect(events.length + rejects.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
