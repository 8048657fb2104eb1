import * as z from 'zod';

import { Position, Subscription } from '#shared/live/schema.ts';

import {
  ByeNotification,
  EventNotification,
  FeedNotification,
  HelloResult,
  LIVE_PROTOCOL,
  PingResult,
  RpcError,
  RpcId,
  SnapshotNotification,
  SubscribeResult,
  UnsubscribeParams,
  UnsubscribeResult,
} from './live-protocol.ts';
import { jsonSchema } from './openapi.ts';
import { ROUTES } from './routes.ts';

type Json = Record<string, unknown>;

interface Method {
  name: string;
  summary: string;
  params: Json;
  result: Json;
}

/** The live protocol as an AsyncAPI 3 document, generated from the route table and the messages. */
export function asyncApiDocument(): Json {
  const methods = allMethods();
  const notifications = {
    event: EventNotification,
    snapshot: SnapshotNotification,
    feed: FeedNotification,
    bye: ByeNotification,
  };
  const messages: Record<string, Json> = { error: { payload: errorSchema() } };
  for (const { name, summary, params, result } of methods) {
    messages[`${name}.request`] = { summary, payload: requestSchema(name, params) };
    messages[`${name}.response`] = { payload: responseSchema(result) };
  }
  for (const [name, schema] of Object.entries(notifications))
    messages[name] = { payload: jsonSchema(schema, 'output') };
  const ref = (name: string) => ({ $ref: `#/channels/live/messages/${name}` });
  const operations: Record<string, Json> = {};
  for (const { name } of methods)
    operations[name] = {
      action: 'receive',
      channel: { $ref: '#/channels/live' },
      messages: [ref(`${name}.request`)],
      reply: {
        channel: { $ref: '#/channels/live' },
        messages: [ref(`${name}.response`), ref('error')],
      },
    };
  for (const name of Object.keys(notifications))
    operations[`push.${name}`] = {
      action: 'send',
      channel: { $ref: '#/channels/live' },
      messages: [ref(name)],
    };
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Hearthlink Sentry live protocol ${LIVE_PROTOCOL}`,
      version: '1',
      description: 'JSON-RPC 2.0 over a WebSocket, one object per message, no batches.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      live: {
        address: '/live?ticket={ticket}',
        parameters: {
          ticket: { description: 'From POST /v1/live/ticket; opens one connection within 30 s.' },
        },
        messages,
      },
    },
    operations,
  };
}

function allMethods(): Method[] {
  const own: Method[] = [
    method('hello', 'Who is connected, limits and heads.', z.strictObject({}), HelloResult),
    method(
      'ping',
      'Keeps the connection open and says where the topics stand.',
      z.strictObject({}),
      PingResult,
    ),
    {
      name: 'subscribe',
      summary: 'Follows a topic, from a snapshot or from a position.',
      params: {
        allOf: [
          jsonSchema(Subscription, 'input'),
          { type: 'object', properties: { since: jsonSchema(Position, 'input') } },
        ],
      },
      result: jsonSchema(SubscribeResult, 'output'),
    },
    method('unsubscribe', 'Follows a topic no longer.', UnsubscribeParams, UnsubscribeResult),
  ];
  const shared = ROUTES.filter(({ live }) => live).map((route) =>
    method(route.operation, route.summary, route.input, route.result),
  );
  return [...own, ...shared];
}

function method(name: string, summary: string, params: z.ZodType, result: z.ZodType): Method {
  return {
    name,
    summary,
    params: jsonSchema(params, 'input'),
    result: jsonSchema(result, 'output'),
  };
}

function requestSchema(name: string, params: Json): Json {
  return {
    type: 'object',
    required: ['jsonrpc', 'method'],
    properties: {
      jsonrpc: { const: '2.0' },
      id: jsonSchema(RpcId, 'input'),
      method: { const: name },
      params,
    },
    additionalProperties: false,
  };
}

function responseSchema(result: Json): Json {
  return {
    type: 'object',
    required: ['jsonrpc', 'id', 'result'],
    properties: { jsonrpc: { const: '2.0' }, id: jsonSchema(RpcId, 'output'), result },
  };
}

function errorSchema(): Json {
  return {
    type: 'object',
    required: ['jsonrpc', 'id', 'error'],
    properties: {
      jsonrpc: { const: '2.0' },
      id: { anyOf: [jsonSchema(RpcId, 'output'), { type: 'null' }] },
      error: jsonSchema(RpcError, 'output'),
    },
  };
}
