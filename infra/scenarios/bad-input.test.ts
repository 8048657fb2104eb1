import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';

import { JSON_CASES } from './bad-json.ts';
import { unexpectedLines } from './clean-end.testing.ts';
import { hasCorpus, readJsonSuite, readNaughtyStrings } from './corpus.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { NAUGHTY } from './naughty.ts';
import type { Json } from './person.testing.ts';
import { POISONS } from './poison.ts';

const ownKeys = Reflect.ownKeys(Object.prototype).length;
const watch = pathToFileURL(join(import.meta.dirname, 'prototype-watch.testing.ts')).href;
let scenario: Scenario;
let pids: Record<string, number | undefined>;
const tokens = new Map<string, string>();

beforeAll(async () => {
  scenario = await openScenario({ environment: { NODE_OPTIONS: `--import=${watch}` } });
  pids = scenario.instance.invoker.pids();
  for (const user of ['ada', 'pump'])
    tokens.set(user, (await scenario.instance.oidc.issueToken(user))!.access_token);
});
afterAll(async () => {
  await scenario.settle();
  const log = scenario.log();
  expect(scenario.instance.invoker.pids()).toEqual(pids);
  expect(unexpectedLines(log)).toEqual([]);
  expect(log).not.toContain('PROTOTYPE CHANGED');
  expect(Reflect.ownKeys(Object.prototype).length).toBe(ownKeys);
  expect((await send('ada', 'GET', '/v1/me')).status).toBe(200);
  await scenario.close();
});

interface Reply {
  status: number;
  type: string;
  json: Json;
}

/** Any answer must be JSON: a result, or a problem document that says what it is. */
async function send(
  user: string,
  method: string,
  path: string,
  body?: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${scenario.instance.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.get(user)}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body !== undefined && { body: body as BodyInit }),
  });
  const type = response.headers.get('content-type') ?? '';
  const json: Json = await response.json();
  const what = `${method} ${path} → ${response.status} ${JSON.stringify(json).slice(0, 300)}`;
  expect(response.status, what).toBeLessThan(500);
  if (response.status >= 400 && json.failed === undefined) {
    expect(type, what).toContain('application/problem+json');
    expect(json, what).toMatchObject({ status: response.status, code: expect.any(String) });
  }
  return { status: response.status, type, json };
}

/** As bytes: a gateway turns a body of a text type into text, and what is not UTF-8 in it is gone. */
const ingest = (body: Uint8Array | string) =>
  send('pump', 'POST', '/v1/events', body, { 'content-type': 'application/octet-stream' });

/** `bytes` as the payload of an event whose own frame is right. */
function framed(bytes: Uint8Array): Uint8Array {
  const before = Buffer.from('{"source":"corpus","type":"corpus.case","payload":');
  return Buffer.concat([before, bytes, Buffer.from('}')]);
}

describe('JSON at the edge of the grammar', () => {
  it(`is taken or refused as the grammar says, in all of ${JSON_CASES.length} cases`, async () => {
    expect(JSON_CASES.length).toBeGreaterThanOrEqual(60);
    for (const { name, expect: verdict, bytes } of JSON_CASES) {
      const { status, json } = await ingest(framed(bytes));
      expect(status, name).toBe(verdict === 'y' ? 202 : 400);
      expect(json.accepted, name).toHaveLength(verdict === 'y' ? 1 : 0);
      await ingest(bytes);
      const rule = await send('ada', 'POST', '/v1/alerts/policies', bytes);
      expect(rule.status, name).toBeGreaterThanOrEqual(400);
    }
  });

  it.skipIf(!hasCorpus)('of the public suite too', async () => {
    for (const { name, expect: verdict, bytes } of readJsonSuite()) {
      // A comma and a brace more can make a whole of a broken part, so `n` is judged bare.
      const { status, json } = await ingest(verdict === 'y' ? framed(bytes) : bytes);
      if (verdict === 'y') expect(status, name).toBe(202);
      else expect(json.accepted ?? [], name).toEqual([]);
    }
  });
});

describe('poison', () => {
  it.each(POISONS.filter(({ partition_key }) => partition_key === undefined))(
    '$name posted to the API is refused as $reason and kept',
    async ({ bytes, reason }) => {
      const { status, json } = await ingest(bytes);
      expect(status).toBe(400);
      expect(json.failed).toMatchObject([{ index: 0, reason }]);
    },
  );

  it('of more than a command may hold is refused whole', async () => {
    const body = Buffer.alloc(2 ** 20 + 1, 0x20);
    expect((await send('ada', 'POST', '/v1/alerts/policies', body)).status).toBe(413);
  });
});

describe('hostile keys', () => {
  it.each(['__proto__', 'constructor', 'prototype'])(
    '%s at five depths change nothing',
    async (key) => {
      for (let depth = 0; depth < 5; depth++) {
        const inner = `{"${key}":{"prototype":{"polluted":1},"polluted":1}}`;
        const value = `${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth)}`;
        const event = `{"source":"a","type":"b","payload":${value}}`;
        expect((await ingest(event)).status).toBe(202);
        expect((await ingest(value)).status).toBe(400);
        const rule = `{"rule_id":"r-${depth}","name":"n","severity":"INFO","title":"t","detector":{"kind":"match"},"pattern":${value},"override_tests":true,"reason":"corpus"}`;
        await send('ada', 'POST', '/v1/alerts/policies', rule);
        await send('ada', 'POST', '/v1/alerts/ackAll', value);
        await send('ada', 'GET', `/v1/alerts?${key}[${key}]=1&q=${key}`);
      }
      expect(({} as Json).polluted).toBeUndefined();
    },
  );
});

describe('naughty text', () => {
  it('in every text field of the API is answered, kept as it is or refused', async () => {
    const fields = ['rule_id', 'name', 'title', 'description', 'runbook_url', 'reason'];
    for (const [n, text] of NAUGHTY.entries()) {
      const value = JSON.stringify(text);
      const path = encodeURIComponent(text.toWellFormed());
      const event = {
        source: text,
        type: text,
        service: text,
        event_id: text,
        labels: { [text]: text },
        message_id: text,
        original_severity: text,
        payload: { [text]: text },
      };
      const { status } = await ingest(JSON.stringify(event));
      expect([202, 400], value).toContain(status);
      await ingest(`{"source":"a","type":"b","severity":${value}}`);
      const field = fields[n % fields.length]!;
      await send('ada', 'POST', '/v1/alerts/policies', ruleWith(field, text));
      await send('ada', 'GET', `/v1/alerts?q=${path}&service=${path}&limit=1`);
      await send('ada', 'GET', n % 2 ? `/v1/alerts?state=${path}` : `/v1/alerts?cursor=${path}`);
      await send('ada', 'POST', `/v1/alerts/${path}x/assign`, `{"assigned_to":${value}}`);
      await send('ada', 'GET', `/v1/${n % 2 ? 'quarantine' : 'alerts'}/${path}x`);
      await send('ada', 'GET', `/v1/incidents/timeline?alert=${path}`);
    }
  }, 40_000);

  it('goes through detection to every receiver, which takes it', async () => {
    // Each would be an incident of its own, with an alert of its own.
    const settings = await send('ada', 'PUT', '/v1/incidents/settings', '{"auto_escalate":false}');
    expect(settings.status).toBe(200);
    const events = NAUGHTY.map((text, n) => ({
      source: 'a',
      type: `naughty-${n}`,
      service: text,
      severity: 'CRITICAL',
      payload: { text },
    }));
    expect((await ingest(JSON.stringify(events))).status).toBe(202);
    await scenario.settle();
    const { alerts, messages } = await scenario.snapshot();
    const open = alerts.filter(({ group }) => group[2]?.startsWith('naughty-'));
    expect(open).toHaveLength(NAUGHTY.length);
    const ids = new Set(open.map(({ alert_id }) => alert_id));
    const own = messages.filter(({ alert_id }) => ids.has(alert_id ?? ''));
    expect(own.filter(({ status }) => status >= 300)).toEqual([]);
    const told = own.map(({ channel, alert_id }) => `${channel} ${alert_id}`).sort();
    const channels = ['email', 'pagerduty', 'slack', 'webhook'];
    expect(told).toEqual(channels.flatMap((one) => [...ids].map((id) => `${one} ${id}`)).sort());
    // Slack takes three at once: the others wait for its pace, minute after minute.
  }, 60_000);

  it.skipIf(!hasCorpus)(
    'of the public list too',
    async () => {
      const strings = readNaughtyStrings();
      const events = strings.map((text, n) => ({
        source: 'a',
        type: 'scenario.host',
        service: text.slice(0, 200) || 'empty',
        payload: { host: `blns-${n % 50}`, text },
      }));
      expect((await ingest(JSON.stringify(events))).status).toBe(202);
      await scenario.settle();
      const { alerts, messages } = await scenario.snapshot();
      const own = alerts.filter(({ rule_id }) => rule_id === 'scenario-host');
      expect(own).toHaveLength(50);
      expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(strings.length);
      expect(messages.filter(({ status }) => status >= 300)).toEqual([]);
    },
    60_000,
  );
});

function ruleWith(field: string, text: string): string {
  return JSON.stringify({
    rule_id: 'naughty',
    name: 'n',
    severity: 'INFO',
    title: 't',
    pattern: { type: ['never'] },
    detector: { kind: 'match' },
    override_tests: true,
    reason: 'corpus',
    [field]: text,
  });
}

describe('the socket', () => {
  async function open(): Promise<WebSocket> {
    const { json } = await send('ada', 'POST', '/v1/live/ticket', '{}');
    const socket = new WebSocket(
      `${scenario.instance.url.replace('http', 'ws')}/live?ticket=${json.ticket}`,
    );
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined);
    return socket;
  }

  const answerTo = (socket: WebSocket, message: string | Uint8Array): Promise<Json> =>
    new Promise((resolve) => {
      socket.removeAllListeners('message').removeAllListeners('close');
      socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
      socket.once('close', (code: number) => resolve({ closed: code }));
      socket.send(message);
    });

  it('answers every broken message with a JSON-RPC error and stays open', async () => {
    let socket = await open();
    let sent = 0;
    for (const message of socketCases()) {
      // Fifty a second are allowed; a new connection counts anew.
      if (++sent % 40 === 0) {
        socket.terminate();
        socket = await open();
      }
      const reply = await answerTo(socket, message);
      const what = `${Buffer.from(message).toString().slice(0, 120)} → ${JSON.stringify(reply).slice(0, 300)}`;
      expect(reply, what).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
      expect(reply.error.code, what).not.toBe(-32603);
    }
    const hello = await answerTo(socket, '{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(hello.result).toBeDefined();
    socket.terminate();
  });

  it.each([
    ['a frame over 32 KB', [33 * 1024]],
    ['a message over 128 KB in frames', [30, 30, 30, 30, 30].map((kb) => kb * 1024)],
    ['a message of 1 MB', [1024 * 1024]],
  ])('closes on %s with 1009, and takes the next connection', async (_name, sizes) => {
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (const [index, size] of sizes.entries())
      socket.send('x'.repeat(size), { fin: index === sizes.length - 1 });
    expect(await closed).toBe(1009);
    (await open()).terminate();
  });
});

function socketCases(): (string | Uint8Array)[] {
  const call = (params: string, method = 'alerts.list') =>
    `{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(method)},"params":${params}}`;
  return [
    ...JSON_CASES.filter(({ expect: verdict, bytes }) => verdict === 'n' && bytes.length < 30_000)
      .filter(({ bytes }) => bytes.length > 0)
      .map(({ bytes }) => Buffer.from(bytes).toString()),
    Uint8Array.from([0, 1, 2, 255]),
    Buffer.from('\uFEFFnot json'),
    '[]',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    `{"jsonrpc":"2.0","id":"${'x'.repeat(65)}","method":"ping"}`,
    '{"jsonrpc":"2.0","id":1,"method":7}',
    '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}',
    '{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}',
    ...['__proto__', 'constructor', 'toString', 'alerts.nothing', ''].map((method) =>
      call('{}', method),
    ),
    call('{"limit":"many"}'),
    call('{"limit":9007199254740993}'),
    call('{"limit":1e400}'),
    call('{"states":{"__proto__":[]}}'),
    call('{"cursor":"forged"}'),
    call('{"alert_id":{"$ne":1}}', 'alerts.get'),
    ...NAUGHTY.slice(0, 20).map((text) => call(JSON.stringify({ topic: text }), 'subscribe')),
  ];
}
