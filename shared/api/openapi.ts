import * as z from 'zod';

import { ERROR_CODES } from '#shared/kernel/error.ts';

import { ROUTES, type Route } from './routes.ts';

type Json = Record<string, unknown>;

/** This API as an OpenAPI 3.1 document, generated from the route table. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hearthlink Sentry',
      version: '1',
      description:
        'Detection, alerting and response. Errors are RFC 9457 problem documents with a stable `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token; its groups give the scopes that each operation names.',
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-PagerDuty-Signature',
          description:
            '`v1=` and the hex HMAC-SHA256 of the body with the channel’s webhook secret; several after commas.',
        },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const [tag] = route.operation.split('.');
  const isOpen = route.access === 'public';
  const isSigned = route.access === 'signed';
  const isScope = !isOpen && route.access !== 'signed_in' && !isSigned;
  const isWrite = route.method !== 'GET' && !isOpen && !isSigned;
  return {
    operationId: route.operation,
    summary: route.summary,
    tags: [tag],
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(isWrite ? [IDEMPOTENCY_KEY] : []),
      ...('if_version' in route.body ? [IF_MATCH] : []),
    ],
    ...(bodyOf(route) && { requestBody: bodyOf(route) }),
    responses: {
      [String(route.status ?? 200)]: {
        description: 'Done.',
        content: { 'application/json': { schema: jsonSchema(route.result, 'output') } },
      },
      default: {
        description: 'A problem.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
    security: isOpen ? [] : [isSigned ? { signature: [] } : { bearer: [] }],
    ...(isScope && { 'x-sentry-scope': route.access }),
    ...(route.live && { 'x-sentry-live-method': route.operation }),
  };
}

function parametersOf(shape: z.ZodRawShape, place: 'path' | 'query'): Json[] {
  const { properties, required } = jsonSchema(z.strictObject(shape), 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema,
  }));
}

function bodyOf(route: Route): Json | undefined {
  if (route.raw) {
    const { description, types } = route.accepts ?? EVENTS;
    const content = Object.fromEntries(types.map((type) => [type, { schema: {} }]));
    return { required: true, description, content };
  }
  if (Object.keys(route.body).length === 0) return undefined;
  const fields = jsonSchema(z.strictObject(route.body), 'input') as Json & { properties: Json };
  const schema =
    route.list === undefined ? fields : { anyOf: [fields, fields.properties[route.list]] };
  return {
    required: Array.isArray(fields['required']),
    content: { 'application/json': { schema } },
  };
}

/** A zod schema as JSON Schema 2020-12, which OpenAPI 3.1 and AsyncAPI 3 both read. */
export function jsonSchema(schema: z.ZodType, side: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: side }) as Json;
  return rest;
}

const EVENTS: NonNullable<Route['accepts']> = {
  description:
    'One event, an array, NDJSON, or CloudEvents (structured or batch); gzip and zlib are read too.',
  types: [
    'application/json',
    'application/x-ndjson',
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
  ],
};

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body within 24 hours get the same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};
const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The version seen, as in the ETag; another one is a conflict.',
  schema: { type: 'string' },
};
const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: [...ERROR_CODES] },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    current: { description: 'On a conflict: the row as it stands.' },
    correlation_id: { type: 'string' },
  },
};
