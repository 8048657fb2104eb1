import { connect } from './connect.ts';
import { answerMessage } from './message.ts';
import type { LiveAnswer, LiveFunctionPorts } from './ports.ts';

/** A proxy event of the WebSocket API, as far as it is read here. */
export interface LiveEvent {
  requestContext: {
    routeKey: string;
    connectionId: string;
    requestId: string;
    authorizer?: unknown;
    identity?: { sourceIp?: string };
  };
  body?: string;
  isBase64Encoded?: boolean;
}

/** One event of the WebSocket API: somebody connects, leaves, or says something. */
export async function live(event: LiveEvent, ports: LiveFunctionPorts): Promise<LiveAnswer> {
  const { routeKey, connectionId, requestId, authorizer, identity } = event.requestContext;
  if (routeKey === '$connect')
    return connect(connectionId, authorizer, ports.now(), ports.api.live);
  if (routeKey === '$disconnect') {
    ports.rate.forget(connectionId);
    await ports.api.live.deleteConnection(connectionId);
    return { statusCode: 200 };
  }
  const body = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString()
    : (event.body ?? '');
  const sender = {
    connection_id: connectionId,
    correlation_id: requestId,
    ...(identity?.sourceIp !== undefined && { ip_address: identity.sourceIp }),
  };
  return answerMessage(body, sender, ports);
}
