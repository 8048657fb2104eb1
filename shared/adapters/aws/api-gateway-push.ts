import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

import type { LivePush } from '#shared/ports/live-push.ts';

/** Pushes through `@connections` of a WebSocket API; the client must be made for the API's own endpoint. */
export function createApiGatewayPush(client: ApiGatewayManagementApiClient): LivePush {
  return {
    async push(connectionId, message) {
      try {
        await client.send(
          new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(message) }),
        );
        return 'sent';
      } catch (error) {
        return isGone(error) ? 'gone' : 'lost';
      }
    },
    async close(connectionId) {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch {
        // Closed already, or API Gateway closes it at its own limit; the row decides what is served.
      }
    },
  };
}

/** 410, or an id that this API never gave out. */
function isGone(error: unknown): boolean {
  const fault = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return fault.name === 'GoneException' || fault.$metadata?.httpStatusCode === 410;
}
