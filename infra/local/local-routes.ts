import * as z from 'zod';
import { jsonResponse, type WebRequest, type WebResponse } from '#infra/local/gateway/exchange.ts';
import type { WebHandler } from '#infra/local/gateway/gateway.ts';
import type { Instance } from '#infra/local/instance.ts';
import { callJson } from '#infra/local/instance/call.ts';
import { CANARY_LATENESS_MAX_MS, TABLES } from '#infra/topology.ts';
import { CANARY_PARTITION } from '#shared/adapters/aws/dynamo-canary-store.ts';
import { canaryLateness } from '#shared/canary/schema.ts';

/** What the routes need beside the instance's public face. */
export interface LocalRouteParts {
  instance: Instance;
  /** False until every worker takes invocations. */
  isReady: () => boolean;
}

const Advance = z.object({
  advance_seconds: z
    .number()
    .min(0)
    .max(366 * 86_400),
});
const TokenRequest = z.object({ user: z.string() });
const Ratio = z.object({ ratio: z.number().min(0).max(1), seed: z.number().int().default(1) });
const Faults = z.strictObject({
  /** PutRecords refuses a part of its records; ratio 0 heals. */
  kinesis: Ratio.optional(),
  /** PutEvents refuses a part of its entries; ratio 0 heals. */
  events: Ratio.optional(),
  /** Kills a worker process with SIGKILL. */
  kill_worker: z.enum(['stream', 'request']).optional(),
  /** A receiver misbehaves, e.g. `{"receiver": "slack", "status": 429}`; only the name heals it. */
  receiver: z
    .object({
      receiver: z.enum(['slack', 'pagerduty', 'webhook']),
      remaining: z.number().int().optional(),
      status: z.number().int().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
      delayMs: z.number().optional(),
      reset: z.boolean().optional(),
      accept: z.boolean().optional(),
    })
    .optional(),
});

/** The routes under `/_local/`, for scripts, tests and the outbox page; nothing like them exists in AWS. */
export function createLocalRoutes(parts: LocalRouteParts): WebHandler {
  const { instance } = parts;
  const routes: Record<string, (request: WebRequest) => WebResponse | Promise<WebResponse>> = {
    'GET /_local/health': () => health(parts),
    'GET /_local/canary': () => canary(instance),
    'POST /_local/clock': (request) =>
      withBody(Advance, request, ({ advance_seconds }) => {
        instance.advance(advance_seconds * 1_000);
        return clockOf(instance);
      }),
    'GET /_local/clock': () => jsonResponse(200, clockOf(instance)),
    'POST /_local/token': (request) =>
      withBody(TokenRequest, request, async ({ user }) => {
        const token = await instance.oidc.issueToken(user);
        return token ?? jsonResponse(404, { message: `There is no demo user "${user}".` });
      }),
    'POST /_local/faults': (request) =>
      withBody(Faults, request, (faults) => setFaults(instance, faults)),
  };
  return async (request) => {
    const name = `${request.method} ${request.path}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    const response = route ? await route(request) : await instance.outbox.handle(request);
    return response ?? jsonResponse(404, { message: `There is no ${name}.` });
  };
}

/** Whether the whole path works, as the alarm in AWS would tell. */
async function canary({ services, clock }: Instance): Promise<WebResponse> {
  const { Items: items = [] } = (await callJson(services.dynamodb, 'DynamoDB_20120810.Query', {
    TableName: TABLES.state.name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: CANARY_PARTITION } },
  })) as { Items?: { sk: { S: string }; sent_at: { S: string }; heard_at?: { S: string } }[] };
  const first = items.find(({ heard_at }) => heard_at === undefined)?.sent_at.S;
  const heard = Object.fromEntries(
    items.flatMap(({ sk, sent_at, heard_at }) =>
      heard_at ? [[sk.S, { sent_at: sent_at.S, heard_at: heard_at.S }]] : [],
    ),
  );
  const late_ms = canaryLateness({ ...(first !== undefined && { first }), heard }, clock.now());
  return jsonResponse(200, { late_ms, is_late: late_ms >= CANARY_LATENESS_MAX_MS, heard });
}

function health({ instance, isReady }: LocalRouteParts): WebResponse {
  const workers = Object.entries(instance.invoker.pids()).map(([name, pid]) => ({ name, pid }));
  const mappings = Object.entries(instance.mappings.stats()).map(([name, stats]) => ({
    name,
    lag_ms: stats.iteratorAgeMs,
    ...stats,
  }));
  const ready = isReady() && workers.every(({ pid }) => pid !== undefined);
  return jsonResponse(
    ready ? 200 : 503,
    {
      status: ready ? 'ok' : 'starting',
      version: instance.version,
      port: instance.port,
      pid: process.pid,
      workers,
      mappings,
      connections: instance.connections(),
      pending_deliveries: instance.services.events.pendingDeliveries(),
      clock_offset: instance.clock.offsetMs / 1_000,
    },
    { 'cache-control': 'no-store' },
  );
}

function clockOf({ clock }: Instance) {
  return { now: new Date(clock.now()).toISOString(), clock_offset: clock.offsetMs / 1_000 };
}

function setFaults(instance: Instance, faults: z.infer<typeof Faults>) {
  const { kinesis, events, receiver, kill_worker } = faults;
  if (kinesis) instance.services.kinesis.failPutRecords(kinesis.ratio, kinesis.seed);
  if (events)
    instance.services.events.fault(
      events.ratio > 0 ? { kind: 'fail_entries', ...events } : undefined,
    );
  if (receiver) {
    const { receiver: name, ...fault } = receiver;
    instance.outbox.setFault(name, Object.keys(fault).length > 0 ? fault : undefined);
  }
  const pid = kill_worker && instance.invoker.pids()[kill_worker];
  if (pid) process.kill(pid, 'SIGKILL');
  return { killed: pid };
}

/** Parses a JSON body; a wrong one is a 400 that says where. A returned WebResponse goes out as it is. */
async function withBody<Schema extends z.ZodType>(
  schema: Schema,
  request: WebRequest,
  run: (body: z.output<Schema>) => object | Promise<object>,
): Promise<WebResponse> {
  let input: unknown;
  try {
    input = JSON.parse(request.body.toString('utf8'));
  } catch {
    return jsonResponse(400, { message: 'The body is not JSON.' });
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success) return jsonResponse(400, { message: z.prettifyError(parsed.error) });
  const result = await run(parsed.data);
  return 'status' in result && 'body' in result
    ? (result as WebResponse)
    : jsonResponse(200, result, { 'cache-control': 'no-store' });
}
