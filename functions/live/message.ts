import { LIVE_LIMITS } from '#shared/api/live-protocol.ts';
import { problemOf, RPC_CODES, rpcErrorOf } from '#shared/api/problem.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { cutByBytes } from '#shared/live/cut.ts';
import { endConnection } from '#shared/live/fan-out.ts';
import type { Subscribed } from '#shared/live/subscribe.ts';

import { dispatch } from './dispatch.ts';
import type { LiveAnswer, LiveFunctionPorts } from './ports.ts';
import { readRequest } from './read-request.ts';

type Id = string | number | null;

/** Where a message came from. */
export interface Sender {
  connection_id: string;
  correlation_id: string;
  ip_address?: string;
}

/**
 * `$default`: one JSON-RPC message, answered by the route response. The connection's row is read each
 * time, so an expired token or a deleted row ends what the connection may do at once.
 */
export async function answerMessage(
  body: string,
  sender: Sender,
  ports: LiveFunctionPorts,
): Promise<LiveAnswer> {
  const id = sender.connection_id;
  const read = readRequest(body);
  if (!ports.rate.allows(id, ports.now()))
    return fail(read.kind === 'request' ? read.request.id : read.id, tooMany(), sender);
  const connection = await ports.api.live.getConnection(id);
  if (!connection || connection.expires_at <= ports.now()) {
    await ports.push.close(id);
    return fail(null, new SentryError('unauthenticated', 'This connection is closed.'), sender);
  }
  if (connection.token_expires_at <= ports.now()) {
    await endConnection(id, { store: ports.api.live, push: ports.push });
    return { statusCode: 200 };
  }
  if (read.kind === 'refused')
    return answer(read.id, `"error":${JSON.stringify({ code: read.code, message: read.message })}`);
  const { request } = read;
  const context: Context = {
    tenant: connection.tenant,
    actor: connection.actor,
    scopes: new Set(connection.scopes),
    now: () => ports.now(),
    newId: () => ports.newId(),
    correlation_id: sender.correlation_id,
    ...(sender.ip_address !== undefined && { ip_address: sender.ip_address }),
  };
  try {
    const outcome = await dispatch(
      request.method,
      request.params ?? {},
      connection,
      context,
      ports,
    );
    if (outcome.kind === 'unknown_method')
      return answer(
        request.id,
        `"error":${JSON.stringify({ code: RPC_CODES.method_not_found, message: 'There is no such method.' })}`,
      );
    if (outcome.kind === 'subscribed')
      return answer(request.id, `"result":${await lastPart(outcome.subscribed, id, ports)}`);
    const text = JSON.stringify(outcome.result);
    if (Buffer.byteLength(text) > LIVE_LIMITS.resultBytesMax)
      throw new SentryError('too_large', 'The answer is too large for the socket; ask by HTTP.');
    return answer(request.id, `"result":${text}`);
  } catch (error) {
    if (problemOf(error).status >= 500)
      ports.warn('live method failed', { method: request.method, ...sender, error });
    return fail(request.id, error, sender);
  }
}

/** Pushes all parts of a subscription's items but the last, in order, and gives the result with that one. */
async function lastPart(
  subscribed: Subscribed,
  connectionId: string,
  ports: LiveFunctionPorts,
): Promise<string> {
  const { items, ...rest } = subscribed;
  const texts = items.map((item) => JSON.stringify(item));
  const parts = cutByBytes(texts, LIVE_LIMITS.resultBytesMax);
  const last = parts.pop()!;
  for (const part of parts) {
    const params = `{"topic":"${rest.topic}","items":[${part.join(',')}]}`;
    const outcome = await ports.push.push(
      connectionId,
      `{"jsonrpc":"2.0","method":"snapshot","params":${params}}`,
    );
    if (outcome !== 'sent')
      throw new SentryError('unavailable', 'A part of the snapshot could not be sent; try again.');
  }
  return `${JSON.stringify(rest).slice(0, -1)},"items":[${last.join(',')}]}`;
}

function tooMany(): SentryError {
  const max = LIVE_LIMITS.messagesPerSecondMax;
  return new SentryError('rate_limited', `At most ${max} messages a second.`);
}

function fail(id: Id | undefined, error: unknown, sender: Sender): LiveAnswer {
  return answer(id, `"error":${JSON.stringify(rpcErrorOf(error, sender.correlation_id))}`);
}

/** A request without an id is a notification: it gets no answer. */
function answer(id: Id | undefined, member: string): LiveAnswer {
  if (id === undefined) return { statusCode: 200 };
  return { statusCode: 200, body: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${member}}` };
}
