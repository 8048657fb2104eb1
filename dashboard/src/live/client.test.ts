import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AlertLine, FrameItem } from '#shared/live/schema.ts';

import { buildLine } from '#dashboard/alert/build-line.testing.ts';
import { AlertStore } from '#dashboard/alert/store.ts';
import { ApiError } from '#dashboard/api/problem.ts';

import { LiveClient, type LivePorts } from './client.ts';
import type { Socket } from './link.ts';

interface Request {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** A server's end of a socket that answers hello, ping and subscribe from the fields below. */
class FakeSocket extends EventTarget {
  readonly requests: Request[] = [];
  readonly server: FakeServer;
  isClosed = false;
  isSilent = false;

  constructor(server: FakeServer) {
    super();
    this.server = server;
    queueMicrotask(() => this.dispatchEvent(new Event(server.isDown ? 'close' : 'open')));
  }

  send(text: string): void {
    const request = JSON.parse(text) as Request;
    this.requests.push(request);
    const result = this.isSilent ? undefined : this.server.answer(request);
    if (result !== undefined)
      queueMicrotask(() => this.push({ jsonrpc: '2.0', id: request.id, result }));
  }

  push(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  close(): void {
    this.isClosed = true;
    this.dispatchEvent(new Event('close'));
  }

  asked(method: string): Request[] {
    return this.requests.filter((request) => request.method === method);
  }
}

class FakeServer {
  isDown = false;
  epoch = 'one';
  offset = 3;
  mode: 'snapshot' | 'replay' = 'snapshot';
  lines: FrameItem[] = [];
  tokenSeconds = 3600;
  readonly sockets: FakeSocket[] = [];

  answer({ method, params }: Request): unknown {
    const now = Date.now();
    const position = { epoch: this.epoch, offset: this.offset };
    const common = { server_time: new Date(now).toISOString(), heads: { alerts: position } };
    if (method === 'hello')
      return { ...common, expires_at: new Date(now + this.tokenSeconds * 1000).toISOString() };
    if (method === 'ping') return common;
    if (method !== 'subscribe') return {};
    return {
      topic: params['topic'],
      mode: this.mode,
      items: this.lines,
      position,
      truncated: false,
    };
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  event(from: number, ...items: AlertLine[]): void {
    const params = { topic: 'alerts', epoch: this.epoch, from, to: from, items };
    this.socket.push({ jsonrpc: '2.0', method: 'event', params });
  }
}

function open(overrides: Partial<LivePorts> = {}) {
  const server = new FakeServer();
  const store = new AlertStore();
  const poll = vi.fn(() => Promise.resolve());
  const caughtUp = vi.fn();
  const client = new LiveClient({
    url: 'ws://here/live',
    openSocket: () => {
      const socket = new FakeSocket(server);
      server.sockets.push(socket);
      return socket as unknown as Socket;
    },
    ticket: () => Promise.resolve('ticket'),
    poll,
    caughtUp,
    skew: () => {},
    isOnline: () => true,
    isVisible: () => true,
    random: () => 0.999,
    ...overrides,
  });
  client.subscribe(
    'alerts',
    {},
    {
      snapshot: (items, isTruncated) => store.snapshot(items, isTruncated),
      merge: (items) => store.merge(items),
    },
  );
  client.start();
  return { server, store, client, poll, caughtUp };
}

const settle = () => vi.advanceTimersByTimeAsync(1);

describe('the live client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is live with the snapshot after hello and subscribe, and merges what is pushed', async () => {
    const { server, store, client } = open();
    server.lines = [buildLine()];
    await settle();
    expect(client.status()).toEqual({ kind: 'live' });
    server.event(4, buildLine({ alert_id: 'alert-2' }), buildLine({ revision: 2, count: 9 }));
    expect(store.all()).toHaveLength(2);
    expect(store.get('alert-1')?.count).toBe(9);
  });

  it('subscribes what a screen asked for while the connection was being opened', async () => {
    const { server, client } = open();
    const answer = server.answer.bind(server);
    server.answer = (request) => {
      if (request.params['topic'] === 'alerts')
        client.subscribe('feed', {}, { snapshot: () => {}, merge: () => {} });
      return answer(request);
    };
    await settle();
    const topics = server.socket.asked('subscribe').map(({ params }) => params['topic']);
    expect(topics).toEqual(['alerts', 'feed']);
  });

  it('puts the parts of a long snapshot together', async () => {
    const { server, store } = open();
    server.lines = [buildLine({ alert_id: 'last' })];
    const answer = server.answer.bind(server);
    server.answer = (request) => {
      if (request.method === 'subscribe')
        server.socket.push({
          method: 'snapshot',
          params: { topic: 'alerts', items: [buildLine({ alert_id: 'first' })] },
        });
      return answer(request);
    };
    await settle();
    expect(store.all().map(({ alert_id }) => alert_id)).toEqual(['first', 'last']);
  });

  it('resumes from its position when a frame stays missing', async () => {
    const { server, store } = open();
    await settle();
    server.event(5, buildLine());
    expect(store.all()).toHaveLength(0);
    server.mode = 'replay';
    server.offset = 5;
    server.lines = [buildLine()];
    await vi.advanceTimersByTimeAsync(500);
    const [, again] = server.socket.asked('subscribe');
    expect(again?.params['since']).toEqual({ epoch: 'one', offset: 3 });
    expect(store.all()).toHaveLength(1);
  });

  it('does not resume when the frames only overtook each other', async () => {
    const { server, store } = open();
    await settle();
    server.event(5, buildLine({ alert_id: 'b' }));
    server.event(4, buildLine({ alert_id: 'a' }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.all()).toHaveLength(2);
    expect(server.socket.asked('subscribe')).toHaveLength(1);
  });

  it('takes a new snapshot when the epoch changes', async () => {
    const { server, store } = open();
    server.lines = [buildLine({ alert_id: 'old' })];
    await settle();
    server.epoch = 'two';
    server.offset = 1;
    server.lines = [buildLine({ alert_id: 'new' })];
    server.event(1, buildLine());
    await settle();
    expect(store.all().map(({ alert_id }) => alert_id)).toEqual(['new']);
  });

  it('reconnects after a break and resumes where it was', async () => {
    const { server, client } = open();
    await settle();
    await vi.advanceTimersByTimeAsync(6_000);
    server.socket.close();
    expect(client.status()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.status()).toEqual({ kind: 'live' });
    expect(server.sockets).toHaveLength(2);
    expect(server.socket.asked('subscribe')[0]?.params['since']).toMatchObject({ offset: 3 });
  });

  it('says how many alerts changed during a break, and nothing of a fresh socket', async () => {
    const { server, client, caughtUp } = open();
    server.lines = [buildLine()];
    server.tokenSeconds = 300;
    await settle();
    await vi.advanceTimersByTimeAsync(260_000);
    expect(server.sockets).toHaveLength(2);
    expect(caughtUp).not.toHaveBeenCalled();
    server.mode = 'replay';
    server.lines = [
      buildLine({ revision: 2, count: 2 }),
      buildLine({ alert_id: 'missed' }),
      buildLine({ revision: 1 }),
    ];
    const heardAt = client.heardAt();
    server.socket.close();
    expect(client.heardAt()).toBe(heardAt);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.status()).toEqual({ kind: 'live' });
    expect(caughtUp.mock.calls).toEqual([[2]]);
  });

  it('polls after three failures, says so, and stops when the socket is back', async () => {
    const { server, client, poll } = open();
    server.isDown = true;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(client.status()).toMatchObject({ kind: 'polling', attempt: 4 });
    expect(poll).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(poll.mock.calls.length).toBeGreaterThan(1);
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(client.status()).toEqual({ kind: 'live' });
    const before = poll.mock.calls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(poll).toHaveBeenCalledTimes(before);
  });

  it('pings when it is quiet, turns stale after 15 s of silence, then reconnects', async () => {
    const { server, client } = open();
    await settle();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(server.socket.asked('ping').length).toBeGreaterThan(0);
    expect(client.status()).toEqual({ kind: 'live' });
    server.socket.isSilent = true;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(client.status().kind).toBe('stale');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(server.sockets).toHaveLength(2);
    expect(client.status()).toEqual({ kind: 'live' });
  });

  it('resumes when the head of a ping shows that a push was lost', async () => {
    const { server } = open();
    await settle();
    server.offset = 4;
    await vi.advanceTimersByTimeAsync(12_000);
    expect(server.socket.asked('subscribe')).toHaveLength(2);
  });

  it('changes to a fresh socket before the token ends, and breaks the old one after', async () => {
    const { server, client } = open();
    server.tokenSeconds = 300;
    await settle();
    const [old] = server.sockets;
    server.tokenSeconds = 3600;
    await vi.advanceTimersByTimeAsync(260_000);
    expect(server.sockets).toHaveLength(2);
    expect(old?.isClosed).toBe(true);
    expect(server.socket.isClosed).toBe(false);
    expect(client.status()).toEqual({ kind: 'live' });
  });

  it('says that the session is over when no ticket is given, and tries no more', async () => {
    const ticket = vi.fn(() => Promise.reject(new ApiError('unauthenticated', 'Expired.')));
    const { client } = open({ ticket });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.status()).toEqual({ kind: 'session_expired' });
    expect(ticket).toHaveBeenCalledTimes(1);
  });

  it('is offline without a network and connects as soon as it is back', async () => {
    let isOnline = true;
    const { server, client } = open({ isOnline: () => isOnline });
    await settle();
    isOnline = false;
    client.wake();
    expect(client.status()).toEqual({ kind: 'offline' });
    isOnline = true;
    client.wake();
    await settle();
    expect(client.status()).toEqual({ kind: 'live' });
    expect(server.sockets).toHaveLength(2);
  });
});
