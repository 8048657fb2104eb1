import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  BodyTooLarge,
  jsonResponse,
  readBody,
  readHeaders,
  readTarget,
  respond,
  type Incoming,
  type Outgoing,
  type WebRequest,
  type WebResponse,
} from '#infra/local/gateway/exchange.ts';
import { isLocalHost, isLocalOrigin } from '#infra/local/gateway/origin.ts';
import { listenOnPort } from '#infra/local/gateway/port.ts';
import {
  credentialScope,
  SERVICE_NAMES,
  serviceOfQuery,
  serviceOfTarget,
  type ServiceName,
} from '#infra/local/gateway/service-name.ts';
import { ConnectionReset } from '#infra/local/outbox/fault.ts';
import { LOCAL_REGION, type AwsService } from '#infra/local/service.ts';

/** A web part behind the gateway: answers whole requests. */
export type WebHandler = (request: WebRequest) => Promise<WebResponse>;

/** What stands behind the gateway's one port. */
export interface GatewayTargets {
  services: Readonly<Record<ServiceName, AwsService>>;
  httpApi: WebHandler;
  /** `@connections` commands; `connectionId` still percent-encoded. */
  connections: WebHandler;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** A Node request handler mounted at `/oidc`. */
  oidc(incoming: Incoming, outgoing: Outgoing): void;
  localRoutes: WebHandler;
  site: WebHandler;
}

export interface Gateway {
  port: number;
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Until the targets are set, `/_local/health` and everything else answer 503. */
  setTargets(targets: GatewayTargets): void;
  close(): Promise<void>;
}

const API_PATHS = /^\/(v1(\/|$)|(openapi|asyncapi)\.json$)/;
const CONNECTIONS = '/live/@connections/';

/** Opens the one port of a local instance; rejects with EADDRINUSE when another process has it. */
export async function openGateway(wantedPort: number): Promise<Gateway> {
  let targets: GatewayTargets | undefined;
  const port = await listenOnPort(wantedPort, {
    request: (incoming, outgoing) => void serve(targets, incoming, outgoing),
    upgrade(incoming, socket, head) {
      socket.on('error', () => socket.destroy());
      const path = (incoming.url ?? '').split('?', 1)[0];
      if (!isLocalHost(incoming.headers.host ?? '')) return refuseUpgrade(socket, 403, 'Forbidden');
      if (path !== '/live' || targets === undefined)
        return refuseUpgrade(socket, targets ? 404 : 503, targets ? 'Not Found' : 'Starting');
      targets.upgrade(incoming, socket, head);
    },
  });
  return {
    port: port.number,
    url: `http://127.0.0.1:${port.number}`,
    setTargets: (value) => (targets = value),
    close: () => port.close(),
  };
}

function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  socket.end(`HTTP/1.1 ${status} ${message}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

/** Answers one request whatever happens; a fault of ours is a 500 and a line on stderr. */
async function serve(
  targets: GatewayTargets | undefined,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  try {
    const target = readTarget(incoming);
    if (target === undefined)
      return respond(incoming, outgoing, jsonResponse(400, { message: 'Bad path encoding' }));
    if (!isLocalHost(target.host))
      return respond(
        incoming,
        outgoing,
        jsonResponse(403, {
          message: `This instance answers to 127.0.0.1 and localhost only, not to "${target.host}".`,
        }),
      );
    if (targets === undefined)
      return respond(incoming, outgoing, jsonResponse(503, { status: 'starting' }));
    if (target.path.startsWith('/oidc') || target.path.startsWith('/.well-known/'))
      return targets.oidc(incoming, outgoing);
    const query = new URLSearchParams(target.rawQuery);
    const headers: Record<string, string> = { ...readHeaders(incoming), host: target.host };
    const scope = credentialScope(headers.authorization, query);
    const request: WebRequest = {
      ...target,
      method: incoming.method ?? 'GET',
      query,
      headers,
      body: await readBody(incoming),
      region: scope?.region ?? LOCAL_REGION,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    };
    respond(incoming, outgoing, await dispatch(targets, request, scope?.service));
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      respond(incoming, outgoing, jsonResponse(413, { message: error.message }));
      incoming.resume();
      return;
    }
    if (incoming.destroyed && !incoming.complete) return;
    if (error instanceof ConnectionReset) return void incoming.socket.destroy();
    console.error(`sentry: ${incoming.method} ${incoming.url} failed:`, error);
    respond(incoming, outgoing, jsonResponse(500, { message: 'Internal Server Error' }));
  }
}

/** By credential scope first, then path, then what unsigned tools send. */
async function dispatch(
  targets: GatewayTargets,
  request: WebRequest,
  signedFor: string | undefined,
): Promise<WebResponse> {
  const { path } = request;
  const isAws = signedFor !== undefined && signedFor !== 'execute-api';
  if (!isAws && !path.startsWith('/_local/') && API_PATHS.test(path))
    return targets.httpApi(request);
  const service = isAws ? signedFor : unsignedService(request);
  const isCommand = isAws || service !== undefined || path.startsWith('/_local/');
  if ((isCommand || path.startsWith(CONNECTIONS)) && !isLocalOrigin(request.headers))
    return jsonResponse(403, { message: 'Pages of other sites may not call this instance.' });
  if (service !== undefined) return callService(targets, request, service);
  if (path.startsWith(CONNECTIONS)) return targets.connections(request);
  if (path.startsWith('/_local/')) return targets.localRoutes(request);
  return targets.site(request);
}

function unsignedService(request: WebRequest): ServiceName | undefined {
  const byTarget = serviceOfTarget(request.headers['x-amz-target']);
  if (byTarget !== undefined) return byTarget;
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (request.method === 'POST' && isForm)
    return serviceOfQuery(new URLSearchParams(request.body.toString('utf8')));
  return serviceOfQuery(request.query);
}

async function callService(
  targets: GatewayTargets,
  request: WebRequest,
  name: string,
): Promise<WebResponse> {
  const known = SERVICE_NAMES.find((service) => service === name);
  if (known === undefined)
    return jsonResponse(
      501,
      {
        __type: 'UnknownOperationException',
        message: `The AWS service "${name}" is not part of this local instance.`,
      },
      { 'content-type': 'application/x-amz-json-1.1' },
    );
  const response = await targets.services[known].handle(request);
  const hasId = Object.keys(response.headers).some((name) => /^x-amzn?-request-?id$/i.test(name));
  if (!hasId) response.headers['x-amzn-RequestId'] = randomUUID();
  return response;
}
