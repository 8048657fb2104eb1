import { jsonResponse, type WebRequest, type WebResponse } from '#infra/local/gateway/exchange.ts';
import { LIMITS, type Connection } from '#infra/local/websocket-api/connection.ts';

const PREFIX = '/live/@connections/';

function failure(status: number, type: string, message: string): WebResponse {
  return jsonResponse(status, { message }, { 'x-amzn-errortype': type });
}

/**
 * The `@connections` commands (API Gateway Management API): POST sends a message, GET tells about the
 * connection, DELETE closes it. 410 GoneException for a connection that is not open, 413 for a
 * message over 128 KB.
 */
export async function runCommand(
  request: WebRequest,
  connections: ReadonlyMap<string, Connection>,
): Promise<WebResponse> {
  let id: string;
  try {
    id = decodeURIComponent(request.rawPath.slice(PREFIX.length));
  } catch {
    return failure(400, 'BadRequestException', 'Invalid connectionId');
  }
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(id))
    return failure(400, 'BadRequestException', `Invalid connectionId: ${id.slice(0, 128)}`);
  if (request.method === 'POST' && request.body.length > LIMITS.messageBytes)
    return failure(413, 'PayloadTooLargeException', 'Message too long');
  const connection = connections.get(id);
  if (connection === undefined || connection.socket.readyState !== connection.socket.OPEN)
    return failure(410, 'GoneException', '');
  if (request.method === 'POST') return send(connection, request.body);
  if (request.method === 'DELETE') {
    connection.socket.close(1000, 'Connection Closed Normally');
    return { status: 204, headers: {}, body: '' };
  }
  if (request.method === 'GET') return jsonResponse(200, describe(connection));
  return failure(403, 'ForbiddenException', 'Forbidden');
}

function send(connection: Connection, body: Buffer): Promise<WebResponse> {
  return new Promise((resolve) => {
    connection.touch();
    connection.socket.send(body, { binary: false }, (error) =>
      resolve(
        error
          ? failure(410, 'GoneException', '')
          : { status: 200, headers: { 'content-type': 'application/json' }, body: '' },
      ),
    );
  });
}

function describe({ facts, lastActiveAt }: Connection) {
  return {
    connectedAt: new Date(facts.connectedAt).toISOString(),
    lastActiveAt: new Date(lastActiveAt).toISOString(),
    identity: { sourceIp: facts.sourceIp, userAgent: facts.userAgent },
  };
}
