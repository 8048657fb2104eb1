import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { LocalClock } from '#infra/local/clock.ts';
import type { AuthorizerContext, ConnectionFacts } from '#infra/local/websocket-api/event.ts';

/** Quotas for WebSocket APIs, none adjustable (developer guide, "Quotas for configuring and running a WebSocket API"). */
export const LIMITS = {
  frameBytes: 32 * 1024,
  messageBytes: 128 * 1024,
  idleMs: 10 * 60_000,
  connectionMs: 2 * 3_600_000,
} as const;

/** Eleven random bytes in base64 with its padding, as API Gateway's ids look: `AAAAAAAAAAAAAAA=`. */
export function newConnectionId(): string {
  return randomBytes(11).toString('base64');
}

export interface Connection {
  facts: ConnectionFacts;
  authorizer: AuthorizerContext;
  socket: WebSocket;
  /** Milliseconds since the epoch on the local clock: last frame either way. */
  lastActiveAt: number;
  /** A frame in either direction puts the idle close off. */
  touch(): void;
  /** Forgets both limits. */
  release(): void;
}

/** A connection that closes itself with 1001 after 10 idle minutes and after 2 hours, on the local clock. */
export function openConnection(
  socket: WebSocket,
  facts: ConnectionFacts,
  authorizer: AuthorizerContext,
  clock: LocalClock,
): Connection {
  let cancelIdle = () => {};
  const watchIdle = () => {
    const idleAt = connection.lastActiveAt + LIMITS.idleMs;
    cancelIdle = clock.at(idleAt, () => {
      if (connection.lastActiveAt + LIMITS.idleMs > clock.now()) watchIdle();
      else socket.close(1001, 'Going away');
    });
  };
  const connection: Connection = {
    facts,
    authorizer,
    socket,
    lastActiveAt: clock.now(),
    touch: () => (connection.lastActiveAt = clock.now()),
    release() {
      cancelIdle();
      cancelLife();
    },
  };
  const cancelLife = clock.at(facts.connectedAt + LIMITS.connectionMs, () =>
    socket.close(1001, 'Going away'),
  );
  watchIdle();
  return connection;
}
