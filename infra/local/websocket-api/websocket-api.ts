import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { LocalClock } from '#infra/local/clock.ts';
import type { WebRequest, WebResponse } from '#infra/local/gateway/exchange.ts';
import { InvocationError, type Invoker } from '#infra/local/service.ts';
import { authorizeConnection } from '#infra/local/websocket-api/authorize.ts';
import { runCommand } from '#infra/local/websocket-api/command.ts';
import {
  LIMITS,
  newConnectionId,
  openConnection,
  type Connection,
} from '#infra/local/websocket-api/connection.ts';
import {
  connectEvent,
  disconnectEvent,
  messageEvent,
  type ConnectionFacts,
  type Handshake,
} from '#infra/local/websocket-api/event.ts';
import { watchFrameSize } from '#infra/local/websocket-api/frame-size.ts';

export interface WebSocketApi {
  /** Takes over a handshake on `/live`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** `@connections` commands. */
  handle(request: WebRequest): Promise<WebResponse>;
  /** Connections open now. */
  size(): number;
  /** Closes every connection with 1001, without calling `$disconnect`. */
  close(): void;
}

const PHRASES: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden' };

/**
 * API Gateway's WebSocket API: `$connect` behind a REQUEST authorizer, one `$default` route, route
 * responses, `$disconnect`, its limits and `@connections`. The function is `live`.
 */
export function createWebSocketApi(options: { invoker: Invoker; clock: LocalClock }): WebSocketApi {
  const { invoker, clock } = options;
  const connections = new Map<string, Connection>();
  let isClosing = false;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.messageBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const handshake: Handshake = {
      headers: request.headers,
      query: new URL(request.url ?? '/', 'http://local').searchParams,
    };
    const facts: ConnectionFacts = {
      connectionId: newConnectionId(),
      connectedAt: clock.now(),
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      userAgent: request.headers['user-agent'] ?? '',
      domainName: request.headers.host ?? '127.0.0.1',
    };
    const admission = await authorizeConnection(invoker, facts, handshake, clock.now());
    if (admission.kind === 'refused') return refuse(socket, admission.status);
    const event = connectEvent(facts, handshake, admission.context, clock.now());
    const answer = await callRoute(event);
    if (answer.status < 200 || answer.status > 299) return refuse(socket, answer.status);
    let refuseFrame = () => {};
    watchFrameSize(socket, LIMITS.frameBytes, () => refuseFrame());
    let isOpen = false;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true;
      refuseFrame = () => {
        webSocket.removeAllListeners('message');
        webSocket.close(1009, 'Message too long');
      };
      attach(openConnection(webSocket, facts, admission.context, clock));
    });
    if (isOpen) return;
    const gone = { code: 1006, reason: 'Client-side close frame not received' };
    await callRoute(disconnectEvent(facts, admission.context, gone, clock.now()));
  }

  function attach(connection: Connection): void {
    const { socket, facts, authorizer } = connection;
    connections.set(facts.connectionId, connection);
    socket.on('message', (data, isBinary) => {
      connection.touch();
      const message = isBinary ? { binary: toBuffer(data) } : { text: toBuffer(data).toString() };
      void deliver(connection, messageEvent(facts, authorizer, message, clock.now()));
    });
    socket.on('ping', () => connection.touch());
    socket.on('pong', () => connection.touch());
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      connection.release();
      connections.delete(facts.connectionId);
      if (isClosing) return;
      const close = { code, reason: reason.toString() };
      void callRoute(disconnectEvent(facts, authorizer, close, clock.now())).catch(reportFault);
    });
  }

  /** A message's answer goes back to its sender when the function returns a body (a route response). */
  async function deliver(connection: Connection, event: unknown): Promise<void> {
    const answer = await callRoute(event).catch((error: unknown) => {
      reportFault(error);
      return { status: 500, body: undefined };
    });
    const { socket, facts } = connection;
    if (socket.readyState !== socket.OPEN) return;
    if (answer.status === 500 && answer.body === undefined)
      socket.send(
        JSON.stringify({
          message: 'Internal server error',
          connectionId: facts.connectionId,
          requestId: randomUUID(),
        }),
      );
    else if (answer.body !== undefined) socket.send(answer.body);
  }

  /** 502 is what a caller sees of `$connect` when the function fails. */
  async function callRoute(event: unknown): Promise<{ status: number; body: string | undefined }> {
    const isMessage = 'body' in (event as object);
    try {
      const result = (await invoker.invoke('live', event)) as {
        statusCode?: unknown;
        body?: unknown;
      } | null;
      const status = Number(result?.statusCode ?? 200);
      const body = typeof result?.body === 'string' && result.body !== '' ? result.body : undefined;
      return { status, body };
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
      return { status: isMessage ? 500 : 502, body: undefined };
    }
  }

  return {
    upgrade(request, socket, head) {
      connect(request, socket, head).catch((error: unknown) => {
        reportFault(error);
        refuse(socket, 500);
      });
    },
    handle: (request) => runCommand(request, connections),
    size: () => connections.size,
    close() {
      isClosing = true;
      for (const { socket } of connections.values()) closeNow(socket);
      connections.clear();
      server.close();
    },
  };
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ message: PHRASES[status] ?? 'Internal server error' });
  socket.end(
    `HTTP/1.1 ${status} ${PHRASES[status] ?? 'Refused'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function closeNow(socket: WebSocket): void {
  socket.close(1001, 'Going away');
  setTimeout(() => socket.terminate(), 200).unref();
}

function reportFault(error: unknown): void {
  console.error('sentry: the WebSocket API failed:', error);
}
