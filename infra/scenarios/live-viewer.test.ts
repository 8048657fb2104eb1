import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';

import { type Instance, startInstance } from '#infra/local/instance.ts';

// Tests look into answers of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

let home: string;
let instance: Instance;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-live-'));
  instance = await startInstance({ port: 0, home });
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await instance?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** REST as a demo person. */
async function signIn(user: string) {
  const token = (await instance.oidc.issueToken(user))!.access_token;
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(`${instance.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json: Json = await response.json();
    return { status: response.status, json };
  };
}

/** A WebSocket that keeps what comes and resolves `next` for the first message a test looks for. */
async function openSocket(ticket: string, origin?: string) {
  const url = `${instance.url.replace('http', 'ws')}/live?ticket=${ticket}`;
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  sockets.push(socket);
  const messages: Json[] = [];
  const waiting = new Set<() => void>();
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()));
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, { statusCode }) =>
      reject(new Error(`refused with ${statusCode}`)),
    );
  });
  const next = (wanted: (message: Json) => boolean): Promise<Json> =>
    new Promise((resolve) => {
      const look = () => {
        const found: Json = messages.find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  let calls = 0;
  const call = (method: string, params?: object) => {
    const id = ++calls;
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return next((message) => message.id === id);
  };
  return { socket, messages, next, call };
}

const alertIn =
  (state: string) =>
  ({ method, params }: Json) =>
    method === 'event' && params.items.some((item: Json) => item.state === state);

describe('a viewer on the local instance', () => {
  it('sees an alert open, and another person acknowledge it, without asking again', async () => {
    const [ada, rosa] = [await signIn('ada'), await signIn('rosa')];
    const saved = await ada('POST', '/v1/alerts/policies', {
      rule_id: 'boom',
      name: 'Boom',
      severity: 'CRITICAL',
      pattern: { type: ['test.boom'] },
      detector: { kind: 'match' },
      group_by: ['service'],
      title: '{service} went boom',
      tests: [
        { name: 'a boom', expect: 'fires', events: [{ source: 'a', type: 'test.boom' }] },
        { name: 'a quiet day', expect: 'quiet', events: [{ source: 'a', type: 'test.calm' }] },
      ],
    });
    expect(saved.status).toBe(201);
    const { json } = await rosa('POST', '/v1/live/ticket');
    const viewer = await openSocket(json.ticket, instance.url);
    expect((await viewer.call('hello')).result.principal.actor).toBe('user:rosa');
    const { result } = await viewer.call('subscribe', { topic: 'alerts' });
    expect(result).toMatchObject({ mode: 'snapshot', items: [] });
    await viewer.call('subscribe', { topic: 'feed' });

    instance.advance(6_000);
    const event = { source: 'test', type: 'test.boom', service: 'checkout', severity: 'high' };
    expect((await ada('POST', '/v1/events', event)).status).toBe(202);
    const opened = await viewer.next(alertIn('OPEN'));
    const [alert] = opened.params.items;
    expect(alert).toMatchObject({ title: 'checkout went boom', severity: 'CRITICAL', count: 1 });
    await viewer.next(({ method, params }) => method === 'feed' && params.total >= 1);

    const acked = await ada('POST', `/v1/alerts/${alert.alert_id}/ack`);
    expect(acked).toMatchObject({ status: 200, json: { state: 'ACK' } });
    const pushed = await viewer.next(alertIn('ACK'));
    expect(pushed.params.epoch).toBe(result.position.epoch);
    expect(pushed.params.from).toBeGreaterThan(opened.params.to);
    expect(pushed.params.items[0]).toMatchObject({ acknowledged_by: 'user:ada' });

    const timeline = await viewer.call('incidents.timeline', { alert: alert.alert_id });
    const actors = timeline.result.items.map(({ actor }: Json) => actor);
    expect(actors).toContain('user:ada');
    const since = { ...result.position, offset: 0 };
    const { ticket } = (await rosa('POST', '/v1/live/ticket')).json;
    const returned = await openSocket(ticket);
    const resumed = await returned.call('subscribe', { topic: 'alerts', since });
    expect(resumed.result.mode).toBe('replay');
    expect(resumed.result.items.at(-1)).toMatchObject({ state: 'ACK' });
  }, 40_000);

  it('is refused without a ticket, with a used one, and from a foreign page', async () => {
    const vera = await signIn('vera');
    const { ticket } = (await vera('POST', '/v1/live/ticket')).json;
    await expect(openSocket('')).rejects.toThrow('401');
    await expect(openSocket(ticket, 'https://evil.example')).rejects.toThrow('403');
    await openSocket(ticket);
    await expect(openSocket(ticket)).rejects.toThrow('403');
  });

  it('may look but not act as a viewer', async () => {
    const vera = await signIn('vera');
    const viewer = await openSocket((await vera('POST', '/v1/live/ticket')).json.ticket);
    const refused = await viewer.call('alerts.ackAll', {});
    expect(refused.error).toMatchObject({ code: -32003, data: { code: 'forbidden' } });
    expect((await viewer.call('alerts.list')).result.items).toBeInstanceOf(Array);
  });

  it('loses the connection when the token expires', async () => {
    const rosa = await signIn('rosa');
    const viewer = await openSocket((await rosa('POST', '/v1/live/ticket')).json.ticket);
    const closed = new Promise((resolve) => viewer.socket.once('close', resolve));
    // In steps, because an idle connection would be closed after ten minutes.
    for (let minute = 0; minute < 59; minute += 5) {
      expect((await viewer.call('ping')).result).toBeDefined();
      instance.advance(5 * 60_000);
    }
    viewer.socket.send('{"jsonrpc":"2.0","id":99,"method":"ping"}');
    await closed;
    expect(viewer.messages.at(-1)).toMatchObject({ method: 'bye', params: { code: 4401 } });
  });
});
