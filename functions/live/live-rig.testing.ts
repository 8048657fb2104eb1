import { createApiRig } from '#functions/api/api-rig.testing.ts';
import { authorize, type AuthorizerResult } from '#functions/live-authorizer/authorize.ts';
import { createMemoryPush } from '#shared/adapters/memory/memory-push.ts';
import { Audience } from '#shared/live/audience.ts';
import { alertLine } from '#shared/live/line.ts';
import { publishItems } from '#shared/live/publish.ts';
import type { Alert } from '#shared/alert/schema.ts';

import { live } from './live.ts';
import type { LiveFunctionPorts } from './ports.ts';
import { RateLimit } from './rate-limit.ts';

export const ORIGIN = 'https://sentry.example';

// Tests look into messages of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type Message = any;

/** The whole live protocol over stores in memory: ticket, authorizer, routes and pushes. */
export function createLiveRig() {
  const rig = createApiRig();
  const push = createMemoryPush();
  let connections = 0;
  const ports: LiveFunctionPorts = {
    api: rig.api,
    push,
    rate: new RateLimit(50),
    now: () => rig.clock.now,
    newId: () => rig.ports.newId(),
    warn: (what, detail) => rig.ports.warn(what, detail),
  };

  async function ticketFor(groups: readonly string[]): Promise<string> {
    const answer = await rig.request('POST', '/v1/live/ticket', { groups });
    return (answer.json as { ticket: string }).ticket;
  }

  function handshake(ticket: string | undefined, origin?: string): Promise<AuthorizerResult> {
    return authorize(
      {
        methodArn: 'arn:aws:execute-api:x:1:api/live/$connect',
        headers: { ...(origin !== undefined && { Origin: origin }) },
        ...(ticket !== undefined && { queryStringParameters: { ticket } }),
      },
      { live: rig.api.live, now: () => rig.clock.now, origins: [ORIGIN], refused: () => undefined },
    );
  }

  async function route(routeKey: string, connectionId: string, more: object = {}, body?: string) {
    const requestContext = { routeKey, connectionId, requestId: 'r-1', ...more };
    return live({ requestContext, ...(body !== undefined && { body }) }, ports);
  }

  /** Signs in with those groups and connects; gives the connection's id. */
  async function connect(groups: readonly string[]): Promise<string> {
    const { context } = await handshake(await ticketFor(groups), ORIGIN);
    const connectionId = `c-${++connections}`;
    const authorizer = { ...context, exp: String(context?.exp) };
    const { statusCode } = await route('$connect', connectionId, { authorizer });
    if (statusCode !== 200) throw new Error(`$connect answered ${statusCode}`);
    return connectionId;
  }

  /** Sends text as it is; the answer parsed, undefined when there was none. */
  async function sendText(connectionId: string, body: string): Promise<Message> {
    const answer = await route('$default', connectionId, {}, body);
    return answer.body === undefined ? undefined : JSON.parse(answer.body);
  }

  function call(connectionId: string, method: string, params?: object): Promise<Message> {
    return sendText(connectionId, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  }

  const audience = new Audience();
  /** What the broadcaster does with a changed alert. */
  async function publish(...alerts: readonly Alert[]): Promise<void> {
    const { tenant } = alerts[0]!;
    await publishItems(tenant, 'alerts', alerts.map(alertLine), rig.ports, {
      store: rig.api.live,
      push,
      audience,
    });
  }

  const pushedTo = (connectionId: string): Message[] =>
    push.sent
      .filter(({ connection_id }) => connection_id === connectionId)
      .map(({ message }) => message);

  return { ...rig, push, ticketFor, handshake, route, connect, sendText, call, publish, pushedTo };
}
