import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LocalClock } from '#infra/local/clock.ts';
import { openGateway, type Gateway, type GatewayTargets } from '#infra/local/gateway/gateway.ts';
import { InvocationError } from '#infra/local/service.ts';
import { createWebSocketApi, type WebSocketApi } from '#infra/local/websocket-api/websocket-api.ts';

interface Call {
  name: string;
  event: {
    body?: string;
    isBase64Encoded?: boolean;
    queryStringParameters?: Record<string, string>;
    requestContext: Record<string, unknown> & { routeKey: string; connectionId: string };
  };
}

let calls: Call[];
let authorize: (event: Call['event']) => unknown;
let live: (event: Call['event']) => unknown;
let gateway: Gateway;
let api: WebSocketApi;
let clock: LocalClock;
let management: ApiGatewayManagementApiClient;

const ALLOW = {
  principalId: 'rosa',
  policyDocument: {
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
  },
  context: { tenant: 'default', number: 1 },
};

beforeEach(async () => {
  calls = [];
  authorize = () => ALLOW;
  live = () => ({ statusCode: 200 });
  gateway = await openGateway(0);
  clock = new LocalClock();
  api = createWebSocketApi({
    clock,
    invoker: {
      async invoke(name, event) {
        calls.push({ name, event: event as Call['event'] });
        return name === 'live' ? live(event as Call['event']) : authorize(event as Call['event']);
      },
    },
  });
  gateway.setTargets({
    upgrade: (request, socket, head) => api.upgrade(request, socket, head),
    connections: (request) => api.handle(request),
  } as GatewayTargets);
  management = new ApiGatewayManagementApiClient({
    endpoint: `${gateway.url}/live`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  management.destroy();
  api.close();
  clock.close();
  await gateway.close();
});

function socketTo(path: string): WebSocket {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}${path}`);
  socket.on('error', () => undefined);
  return socket;
}

/** Opens a socket and gives it with its connection id. */
async function open(): Promise<{ socket: WebSocket; id: string }> {
  const socket = socketTo('/live?ticket=t');
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, id: calls.at(-1)!.event.requestContext.connectionId };
}

/** Status of a refused handshake. */
function refusal(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    socketTo(path).once('unexpected-response', (_request, response) => {
      resolve(response.resume().statusCode);
    });
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => void socket.once('close', resolve));
}

function nextMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve) =>
    socket.once('message', (data: Buffer) => resolve(data.toString())),
  );
}

describe('$connect (API Gateway, "Manage connected users and client apps")', () => {
  it('asks the authorizer, then $connect with its context, then opens', async () => {
    const { id } = await open();
    expect(calls.map(({ name }) => name)).toEqual(['live-authorizer', 'live']);
    expect(calls[0]!.event).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:local/live/$connect',
      queryStringParameters: { ticket: 't' },
      requestContext: { routeKey: '$connect', connectionId: id },
    });
    expect(calls[1]!.event.requestContext).toMatchObject({
      eventType: 'CONNECT',
      stage: 'live',
      authorizer: { principalId: 'rosa', tenant: 'default', number: '1' },
    });
    expect(id).toMatch(/^[A-Za-z0-9+/]{15}=$/);
  });

  it('answers 401 without the identity source, and calls no function', async () => {
    expect(await refusal('/live')).toBe(401);
    expect(await refusal('/live?ticket=')).toBe(401);
    expect(calls).toEqual([]);
  });

  it.each([
    [
      403,
      'the policy denies',
      () => ({
        ...ALLOW,
        policyDocument: {
          Statement: [
            ...ALLOW.policyDocument.Statement,
            { Effect: 'Deny', Action: '*', Resource: '*' },
          ],
        },
      }),
    ],
    [
      403,
      'the policy allows something else',
      () => ({
        ...ALLOW,
        policyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'execute-api:Invoke',
              Resource: 'arn:aws:execute-api:us-east-1:000000000000:other/*',
            },
          ],
        },
      }),
    ],
    [
      401,
      'the authorizer throws Unauthorized',
      () => Promise.reject(new InvocationError('handled', 'Error: Unauthorized')),
    ],
    [
      500,
      'the authorizer fails',
      () => Promise.reject(new InvocationError('crash', 'Runtime exited')),
    ],
    [500, 'the authorizer answers no policy', () => ({ isAuthorized: true })],
    [500, 'its context holds an object', () => ({ ...ALLOW, context: { a: {} } })],
  ])('answers %i when %s, and $connect is not called', async (status, _name, result) => {
    authorize = result;
    expect(await refusal('/live?ticket=t')).toBe(status);
    expect(calls.map(({ name }) => name)).toEqual(['live-authorizer']);
  });

  it('refuses the handshake with the status $connect answers', async () => {
    live = () => ({ statusCode: 403 });
    expect(await refusal('/live?ticket=t')).toBe(403);
    expect(api.size()).toBe(0);
  });

  it('refuses the handshake with 502 when $connect fails', async () => {
    live = () => Promise.reject(new InvocationError('handled', 'boom'));
    expect(await refusal('/live?ticket=t')).toBe(502);
  });

  it('answers 404 on another path', async () => {
    expect(await refusal('/other?ticket=t')).toBe(404);
  });
});

describe('messages (API Gateway, "Invoke your backend integration with the $default route")', () => {
  it('hands text on as it is and binary in base64, and returns the body of the answer', async () => {
    const { socket, id } = await open();
    live = (event) => ({ statusCode: 200, body: `echo ${event.body}` });
    socket.send('{"a":1}');
    expect(await nextMessage(socket)).toBe('echo {"a":1}');
    socket.send(Buffer.from([0, 255]));
    expect(await nextMessage(socket)).toBe('echo AP8=');
    expect(calls.at(-1)!.event).toMatchObject({
      isBase64Encoded: true,
      requestContext: { routeKey: '$default', eventType: 'MESSAGE', connectionId: id },
    });
  });

  it('tells the sender of a function error and keeps the connection', async () => {
    const { socket, id } = await open();
    live = () => Promise.reject(new InvocationError('handled', 'boom'));
    socket.send('x');
    expect(JSON.parse(await nextMessage(socket))).toMatchObject({
      message: 'Internal server error',
      connectionId: id,
    });
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it('calls $disconnect with the close code', async () => {
    const { socket, id } = await open();
    socket.close(4000, 'bye');
    await closeCode(socket);
    await vi.waitFor(() =>
      expect(calls.at(-1)!.event.requestContext).toMatchObject({
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        connectionId: id,
        disconnectStatusCode: 4000,
        disconnectReason: 'bye',
      }),
    );
  });
});

describe('limits (API Gateway, "Quotas for configuring and running a WebSocket API")', () => {
  it('closes with 1009 on a frame over 32 KB, and the function never sees it', async () => {
    const { socket } = await open();
    const closed = closeCode(socket);
    socket.send('x'.repeat(32 * 1024 + 1));
    expect(await closed).toBe(1009);
    expect(calls.some(({ event }) => event.requestContext.routeKey === '$default')).toBe(false);
  });

  it('takes a message of 128 KB in frames of 32 KB', async () => {
    const { socket } = await open();
    live = (event) => ({ statusCode: 200, body: String(event.body?.length) });
    for (let part = 0; part < 4; part++)
      socket.send('x'.repeat(32 * 1024), { fin: part === 3, compress: false });
    expect(await nextMessage(socket)).toBe(String(128 * 1024));
  });

  it('closes with 1009 on a message over 128 KB, however it is split', async () => {
    const { socket } = await open();
    const closed = closeCode(socket);
    for (let part = 0; part < 5; part++) socket.send('x'.repeat(32 * 1024), { fin: part === 4 });
    expect(await closed).toBe(1009);
  });

  it('closes with 1001 after 10 idle minutes', async () => {
    const { socket } = await open();
    const closed = closeCode(socket);
    clock.advance(10 * 60_000 + 1);
    expect(await closed).toBe(1001);
  });

  it('keeps a connection that pings, until it is 2 hours old', async () => {
    const { socket } = await open();
    const closed = closeCode(socket);
    for (let minutes = 9; minutes < 120; minutes += 9) {
      clock.advance(9 * 60_000);
      socket.ping();
      await new Promise((resolve) => socket.once('pong', resolve));
    }
    expect(socket.readyState).toBe(socket.OPEN);
    clock.advance(9 * 60_000);
    expect(await closed).toBe(1001);
  });
});

describe('@connections (API Gateway, "Use @connections commands in your backend service")', () => {
  it('posts to a client, describes and closes it', async () => {
    const { socket, id } = await open();
    const received = nextMessage(socket);
    await management.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'hello' }));
    expect(await received).toBe('hello');
    const facts = await management.send(new GetConnectionCommand({ ConnectionId: id }));
    expect(facts.ConnectedAt!.getTime()).toBeLessThanOrEqual(clock.now());
    expect(facts.Identity?.SourceIp).toBe('127.0.0.1');
    const closed = closeCode(socket);
    await management.send(new DeleteConnectionCommand({ ConnectionId: id }));
    expect(await closed).toBe(1000);
  });

  it('answers 410 GoneException for a connection that is gone', async () => {
    const { socket, id } = await open();
    socket.close();
    await closeCode(socket);
    const posting = management.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }));
    await expect(posting).rejects.toBeInstanceOf(GoneException);
    const unknown = new GetConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=' });
    await expect(management.send(unknown)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 410 },
    });
  });

  it('answers 410 while $connect is not done', async () => {
    const connected = Promise.withResolvers<object>();
    live = () => connected.promise;
    const socket = socketTo('/live?ticket=t');
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    const id = calls[1]!.event.requestContext.connectionId;
    const posting = management.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }));
    await expect(posting).rejects.toBeInstanceOf(GoneException);
    connected.resolve({ statusCode: 200 });
    await new Promise((resolve) => socket.once('open', resolve));
    await management.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }));
  });

  it('answers 413 PayloadTooLargeException over 128 KB', async () => {
    const { id } = await open();
    const Data = 'x'.repeat(128 * 1024 + 1);
    const posting = management.send(new PostToConnectionCommand({ ConnectionId: id, Data }));
    await expect(posting).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('closes everything with 1001 when the instance ends', async () => {
    const { socket } = await open();
    const closed = closeCode(socket);
    api.close();
    expect(await closed).toBe(1001);
    await pause(0);
    expect(calls.some(({ event }) => event.requestContext.routeKey === '$disconnect')).toBe(false);
  });
});
