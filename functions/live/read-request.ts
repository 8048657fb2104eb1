import { LIVE_LIMITS, RpcRequest } from '#shared/api/live-protocol.ts';
import { RPC_CODES } from '#shared/api/problem.ts';
import { jsonDepthExceeds } from '#shared/event/json-depth.ts';

export type ReadRequest =
  | { kind: 'request'; request: RpcRequest }
  | { kind: 'refused'; id: string | number | null; code: number; message: string };

/** One message as one JSON-RPC request; whatever else it is comes back as the error to answer with. */
export function readRequest(body: string): ReadRequest {
  const bytes = Buffer.from(body);
  if (bytes.length > LIVE_LIMITS.messageBytesMax)
    return refused(
      RPC_CODES.too_large,
      `A message may have at most ${LIVE_LIMITS.messageBytesMax} bytes.`,
    );
  if (jsonDepthExceeds(bytes, LIVE_LIMITS.depthMax))
    return refused(
      RPC_CODES.invalid_request,
      `A message may nest at most ${LIVE_LIMITS.depthMax} deep.`,
    );
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return refused(RPC_CODES.parse_error, 'The message is not JSON.');
  }
  if (Array.isArray(message))
    return refused(RPC_CODES.invalid_request, 'Batches are not taken: send one object a message.');
  const checked = RpcRequest.safeParse(message);
  if (checked.success) return { kind: 'request', request: checked.data };
  return refused(
    RPC_CODES.invalid_request,
    'The message is not a JSON-RPC 2.0 request.',
    idOf(message),
  );
}

/** The id to answer a malformed request with, if it has a usable one. */
function idOf(message: unknown): string | number | null {
  if (typeof message !== 'object' || message === null) return null;
  const { id } = message as { id?: unknown };
  return typeof id === 'number' || (typeof id === 'string' && id.length <= 64) ? id : null;
}

function refused(code: number, message: string, id: string | number | null = null): ReadRequest {
  return { kind: 'refused', id, code, message };
}
