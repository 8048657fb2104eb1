import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import { hookParameter } from '#shared/notification/inbound/hook-address.ts';
import { createMemoryBacktestStore } from '#shared/adapters/memory/memory-backtest-store.ts';
import { createMemoryChannelStateStore } from '#shared/adapters/memory/memory-channel-state-store.ts';
import { createMemoryDeadDeliveryStore } from '#shared/adapters/memory/memory-dead-delivery-store.ts';
import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import { createMemoryEventStream } from '#shared/adapters/memory/memory-event-stream.ts';
import { createMemoryIdempotencyStore } from '#shared/adapters/memory/memory-idempotency-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryLiveStore } from '#shared/adapters/memory/memory-live-store.ts';
import { createMemoryLookupStore } from '#shared/adapters/memory/memory-lookup-store.ts';
import { createMemoryQuarantineStore } from '#shared/adapters/memory/memory-quarantine-store.ts';
import { createMemoryRuleActivityStore } from '#shared/adapters/memory/memory-rule-activity-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { BUILT_AT, buildAlert, buildEntry } from '#shared/testing/build-alert.ts';

import type { ApiPorts } from './ports.ts';
import { serve, type ServePorts } from './serve.ts';

/** One request to the API as a test says it. `groups` absent means no token at all. */
export interface RigRequest {
  groups?: readonly string[];
  username?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
  claims?: Record<string, unknown>;
}

export interface RigAnswer {
  status: number;
  headers: Record<string, string>;
  // Tests look into answers of any shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** The whole API over stores in memory, with a clock that is moved by hand. */
export function createApiRig() {
  const clock = { now: Date.parse(BUILT_AT) };
  const tables = createMemoryTables();
  let ids = 0;
  let elapsed = 0;
  const warnings: { what: string; detail: Record<string, unknown> }[] = [];
  /** By `<tenant>/<channel_id>`. */
  const hookSecrets: Record<string, string> = {};
  const api: ApiPorts = {
    work: createMemoryWorkStore(tables, () => clock.now),
    journal: createMemoryJournalStore(tables, () => clock.now),
    rules: createMemoryRuleStore(tables),
    activity: createMemoryRuleActivityStore(),
    lookups: createMemoryLookupStore(tables, () => {}),
    backtests: createMemoryBacktestStore(() => clock.now),
    backtestQueue: { call: () => Promise.resolve() },
    policies: createMemoryDocumentStore(tables),
    schedules: createMemoryDocumentStore(tables),
    silences: createMemoryDocumentStore(tables),
    maintenance: createMemoryDocumentStore(tables),
    inhibitions: createMemoryDocumentStore(tables),
    incidentSettings: createMemoryDocumentStore(tables),
    services: createMemoryDocumentStore(tables),
    channels: createMemoryDocumentStore(tables),
    states: createMemoryChannelStateStore(() => clock.now),
    dead: createMemoryDeadDeliveryStore(tables, () => clock.now),
    pause: () => Promise.resolve(),
    heard: createMemoryIdempotencyStore(),
    hookParameter: (hook) => hookParameter('/sentry/hook/', hook),
    hookSecret: ({ tenant, channel_id }) => Promise.resolve(hookSecrets[`${tenant}/${channel_id}`]),
    quarantine: createMemoryQuarantineStore(),
    archive: createMemoryEventArchive(),
    stream: createMemoryEventStream(),
    live: createMemoryLiveStore(),
    signingKey: () => Promise.resolve('ab'.repeat(32)),
  };
  const ports: ServePorts = {
    api,
    idempotency: createMemoryIdempotencyStore(),
    now: () => clock.now,
    newId: () => `id-${++ids}`,
    stopwatch: () => (elapsed += 260_000),
    defaultTenant: 'default',
    warn: (what, detail) => void warnings.push({ what, detail }),
  };

  async function putAlert(fields: Partial<Alert> = {}): Promise<Alert> {
    const alert = buildAlert({ tenant: 'default', ...fields });
    const { alert_id, tenant } = alert;
    await api.work.commit({
      changes: [{ kind: 'alert', row: alert, expected: 0 }],
      journal: [
        buildEntry({
          entry_id: `opened-${alert_id}`,
          tenant,
          subject: { kind: 'alert', id: alert_id },
        }),
      ],
      outbox: [],
    });
    return alert;
  }

  async function request(
    method: string,
    target: string,
    told: RigRequest = {},
  ): Promise<RigAnswer> {
    const answer = await serve(eventOf(method, target, told, clock.now), ports);
    return {
      status: answer.statusCode!,
      headers: answer.headers as Record<string, string>,
      json: isJson(answer) ? (JSON.parse(answer.body!) as unknown) : answer.body,
    };
  }

  return { clock, tables, api, ports, warnings, hookSecrets, putAlert, request };
}

/** The event API Gateway makes of it, claims as text. */
function eventOf(
  method: string,
  target: string,
  { groups, username = 'rosa', body, headers = {}, claims }: RigRequest,
  now: number,
): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = target.split('?');
  const token = groups && {
    token_use: 'access',
    username,
    client_id: 'sentry-dashboard',
    exp: String(Math.floor(now / 1000) + 3600),
    'cognito:groups': `[${groups.join(' ')}]`,
  };
  const given = claims ?? token;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    requestContext: {
      accountId: '1',
      apiId: 'a',
      domainName: 'x',
      domainPrefix: 'x',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 't' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: now,
      ...(given && { authorizer: { jwt: { claims: given, scopes: null } } }),
    },
    isBase64Encoded: body !== undefined,
    ...(body !== undefined && { body: Buffer.from(body).toString('base64') }),
  };
}

function isJson({ headers }: APIGatewayProxyStructuredResultV2): boolean {
  return String(headers?.['content-type']).includes('json');
}
