import { setTimeout as wait } from 'node:timers/promises';

import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { CHANNELS } from '#shared/notification/schema.ts';
import type { Channel } from '#shared/notification/schema.ts';

import { ConnectionReset, FaultBoard } from './fault.ts';
import type { Receiver, ReceiverFault } from './fault.ts';
import { findAlertId, maskHeaders, maskSecret } from './message.ts';
import type { OutboxMessage, OutgoingMessage } from './message.ts';
import { renderPage } from './page.ts';
import { receivePagerDuty, receiveSlack, receiveWebhook } from './receive.ts';
import type { Verdict } from './receive.ts';
import { OutboxStore } from './store.ts';
import type { OutboxFilter } from './store.ts';
import { STYLESHEET } from './stylesheet.ts';

export interface Outbox {
  /** Keeps a message; durable when it returns. */
  record(message: OutgoingMessage): OutboxMessage;
  /** Newest first. */
  list(filter?: OutboxFilter): OutboxMessage[];
  count(filter?: OutboxFilter): number;
  clear(): void;
  /** Makes a local receiver misbehave until told otherwise; undefined heals it. */
  setFault(receiver: Receiver | `${Receiver}/${string}`, fault: ReceiverFault | undefined): void;
  /**
   * Serves `/_local/outbox*` and `/_local/receivers/*`; undefined for any other path.
   * Throws ConnectionReset where a fault asks for a cut connection.
   */
  handle(request: AwsRequest): Promise<AwsResponse | undefined>;
  close(): Promise<void>;
}

const RECEIVER_PATH = /^\/_local\/receivers\/(slack|webhook|pagerduty)\/(.+)$/;

/** Records every message that would have left, and stands for the receivers they would have gone to. */
export function createOutbox({ file, clock }: { file: string; clock: LocalClock }): Outbox {
  const store = new OutboxStore(file, clock);
  const faults = new FaultBoard();

  async function receive(
    receiver: Receiver,
    id: string,
    request: AwsRequest,
  ): Promise<AwsResponse> {
    if (request.method !== 'POST') return plain(405, 'POST only', { allow: 'POST' });
    if (receiver === 'pagerduty' && id !== 'v2/enqueue') return plain(404, 'not found');
    const body = parseJson(request.body);
    const fault = faults.take(receiver, id);
    const verdict = judge(receiver, body, request.body.length);
    if (fault?.delayMs) await wait(fault.delayMs);
    const accepted = !fault || fault.accept === true;
    const status = accepted ? verdict.status : fault.reset ? 0 : (fault.status ?? verdict.status);
    store.record(describe(receiver, id, request, body, verdict, status));
    if (fault?.reset) throw new ConnectionReset();
    return {
      status: fault?.status ?? verdict.status,
      headers: { 'content-type': verdict.contentType, ...fault?.headers },
      body: fault?.body ?? verdict.body,
    };
  }

  function page(request: AwsRequest): AwsResponse {
    if (request.method === 'DELETE') {
      store.clear();
      return { status: 204, headers: {}, body: '' };
    }
    const filter = readFilter(request.query);
    const counts = Object.fromEntries([
      ['all', store.count()],
      ...CHANNELS.map((channel) => [channel, store.count({ channel })] as const),
    ]) as Record<Channel | 'all', number>;
    return html(renderPage(store.list({ ...filter, limit: 200 }), counts, filter.channel));
  }

  async function handle(request: AwsRequest): Promise<AwsResponse | undefined> {
    const [, receiver, id] = RECEIVER_PATH.exec(request.path) ?? [];
    if (receiver && id) return await receive(receiver as Receiver, id, request);
    if (request.path === '/_local/outbox') return page(request);
    if (request.path === '/_local/outbox.css') {
      return {
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8' },
        body: STYLESHEET,
      };
    }
    if (request.path !== '/_local/outbox.json') return undefined;
    const filter = readFilter(request.query);
    const body = JSON.stringify({ count: store.count(filter), messages: store.list(filter) });
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body,
    };
  }

  return {
    record: (message) => store.record(message),
    list: (filter) => store.list(filter),
    count: (filter) => store.count(filter),
    clear: () => store.clear(),
    setFault: (receiver, fault) => faults.set(receiver, fault),
    handle,
    close: () => Promise.resolve(store.close()),
  };
}

function judge(receiver: Receiver, body: unknown, bytes: number): Verdict {
  if (receiver === 'slack') return receiveSlack(body);
  if (receiver === 'pagerduty') return receivePagerDuty(body, bytes);
  return receiveWebhook(body);
}

function describe(
  receiver: Receiver,
  id: string,
  request: AwsRequest,
  body: unknown,
  verdict: Verdict,
  status: number,
): OutgoingMessage {
  const text = request.body.toString('utf8');
  const routingKey = (body as { routing_key?: unknown } | undefined)?.routing_key;
  const masked = typeof routingKey === 'string' ? maskSecret(routingKey) : undefined;
  const dedupKey = verdict.dedupKey ?? request.headers['idempotency-key'];
  const alertId =
    findAlertId(body, text) ?? (receiver === 'pagerduty' ? verdict.dedupKey : undefined);
  return {
    channel: receiver,
    destination: masked ?? id,
    method: request.method,
    url: request.path,
    headers: maskHeaders(request.headers),
    ...(body === undefined
      ? { text }
      : { body_json: masked ? { ...(body as object), routing_key: masked } : body }),
    status,
    ...(alertId === undefined ? {} : { alert_id: alertId }),
    ...(dedupKey === undefined ? {} : { dedup_key: dedupKey }),
  };
}

const Filter = z.object({
  channel: z.enum(CHANNELS).optional().catch(undefined),
  since: z.string().optional(),
  alert_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(20_000).optional().catch(undefined),
});

function readFilter(query: URLSearchParams): z.infer<typeof Filter> {
  return Filter.parse(Object.fromEntries(query));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function plain(status: number, body: string, headers: Record<string, string> = {}): AwsResponse {
  return { status, headers: { 'content-type': 'text/plain', ...headers }, body };
}

function html(body: string): AwsResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
