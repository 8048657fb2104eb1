import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Incoming, Outgoing } from '#infra/local/gateway/exchange.ts';

/** First bytes of an HTTP/2 connection with prior knowledge (RFC 9113 §3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0');

export interface PortHandlers {
  request: (incoming: Incoming, outgoing: Outgoing) => void;
  upgrade: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface Port {
  number: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and speaks HTTP/1.1 and h2c on one port, told apart by the first bytes: the
 * JavaScript SDK's Kinesis client opens HTTP/2, everything else HTTP/1.1.
 * Port 0 takes a free one. Rejects with the system's error (`EADDRINUSE` …).
 */
export async function listenOnPort(port: number, handlers: PortHandlers): Promise<Port> {
  const http = createHttpServer({ keepAliveTimeout: 75_000, requestTimeout: 0 });
  http.on('request', handlers.request);
  http.on('upgrade', handlers.upgrade);
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 1_000 } });
  http2.on('request', handlers.request);
  http2.on('sessionError', () => undefined);
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });

  const sockets = new Set<Socket>();
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let seen: Buffer = Buffer.alloc(0);
    const sniff = (chunk: Buffer) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const known = Math.min(seen.length, PREFACE.length);
      const isHttp2 = PREFACE.subarray(0, known).equals(seen.subarray(0, known));
      if (isHttp2 && known < PREFACE.length) return;
      socket.off('data', sniff);
      socket.pause();
      socket.unshift(seen);
      (isHttp2 ? http2 : http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    };
    socket.on('data', sniff);
  });

  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen({ port, host: '127.0.0.1', backlog: 1_024 }, () => {
      tcp.off('error', reject);
      resolve();
    });
  });

  return {
    number: (tcp.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
