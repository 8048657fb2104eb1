import { describe, expect, it } from 'vitest';

import { ERROR_CODES, SentryError } from '#shared/kernel/error.ts';

import { asyncApiDocument } from './asyncapi.ts';
import { openApiDocument } from './openapi.ts';
import { HTTP_STATUS, problemOf, RPC_CODES, rpcErrorOf } from './problem.ts';
import { type Access, ROUTE_ACCESS } from './route-access.ts';
import { matchRoute } from './router.ts';
import { ROUTES } from './routes.ts';

describe('the router', () => {
  it('finds every row of the table by its own path', () => {
    for (const route of ROUTE_ACCESS) {
      const path = route.path.replaceAll(/\{\w+\}/g, 'x1');
      const match = matchRoute(route.method, path);
      expect(match).toMatchObject({ kind: 'found', operation: route.operation });
    }
  });

  it('lets every fixed path win over a parameter in its place', () => {
    const withParameter = ROUTE_ACCESS.map(({ path }) => path).filter((path) => path.includes('{'));
    for (const route of ROUTE_ACCESS)
      for (const path of withParameter) {
        const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
        if (route.path.includes('{') || !pattern.test(route.path)) continue;
        expect(matchRoute(route.method, route.path)).toMatchObject({ operation: route.operation });
      }
    expect(matchRoute('GET', '/v1/alerts/summary')).toMatchObject({ operation: 'alerts.summary' });
    expect(matchRoute('GET', '/v1/alerts/policies/export')).toMatchObject({
      operation: 'rules.export',
    });
    expect(matchRoute('GET', '/v1/alerts/policies')).toMatchObject({ operation: 'rules.list' });
  });

  it('decodes parameters, and finds nothing for broken or empty ones', () => {
    expect(matchRoute('GET', '/v1/alerts/a%2Fb')).toMatchObject({ params: { alert_id: 'a/b' } });
    for (const path of ['/v1/alerts/%E0%A4%A', '/v1/alerts//ack', '/v1/alerts/', '', '/', '/v1'])
      expect(matchRoute('POST', path).kind).toBe('unknown');
    expect(matchRoute('PATCH', '/v1/alerts')).toEqual({ kind: 'wrong_method', allowed: ['GET'] });
  });

  it('has no two rows for one method and path, and no two of one operation', () => {
    const keys = ROUTE_ACCESS.map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(ROUTE_ACCESS.map(({ operation }) => operation)).size).toBe(keys.length);
  });

  it('knows a schema for exactly the parameters in the path', () => {
    for (const { path, params } of ROUTES)
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(params));
  });

  it('has no field twice in one operation, but those of the path that a body may repeat', () => {
    for (const { operation, params, query, body } of ROUTES) {
      const names = [...Object.keys(query), ...Object.keys(body)];
      expect(new Set(names).size).toBe(names.length);
      const repeated = Object.keys(params).filter((name) => names.includes(name));
      expect(repeated).toEqual(operation.endsWith('.replace') ? Object.keys(params) : []);
    }
  });
});

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; security: unknown[]; parameters: { name: string; in: string }[] }
    >
  >;
}

describe('the OpenAPI document', () => {
  const document = openApiDocument() as unknown as OpenApi;
  it('is version 3.1 and has every route with its security and path parameters', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path, operation, access } of ROUTE_ACCESS) {
      const found = document.paths[path]![method.toLowerCase()]!;
      expect(found.operationId).toBe(operation);
      const scheme = (access as Access) === 'signed' ? { signature: [] } : { bearer: [] };
      expect(found.security).toEqual(access === 'public' ? [] : [scheme]);
      const named = found.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });
  it('points only to what it holds, and survives JSON', () => {
    expect(danglingReferences(document)).toEqual([]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument() as { asyncapi: string; operations: Record<string, unknown> };
  it('is version 3 and has every live method and every push', () => {
    expect(document.asyncapi).toBe('3.0.0');
    const live = ROUTE_ACCESS.filter((route) => route.live).map(({ operation }) => operation);
    const pushes = ['push.event', 'push.snapshot', 'push.feed', 'push.bye'];
    expect(new Set(Object.keys(document.operations))).toEqual(
      new Set(['hello', 'ping', 'subscribe', 'unsubscribe', ...live, ...pushes]),
    );
  });
  it('points only to what it holds', () => {
    expect(danglingReferences(document)).toEqual([]);
  });
});

/** Every `$ref` of a document that leads nowhere. */
function danglingReferences(document: unknown): string[] {
  const text = JSON.stringify(document);
  return [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].flatMap(([, path]) => {
    const end = path!
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    return end === undefined ? [path!] : [];
  });
}

describe('problems', () => {
  it('give every code one status and one JSON-RPC code of its own', () => {
    const codes = ERROR_CODES.map((code) => RPC_CODES[code]);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of ERROR_CODES)
      expect(problemOf(new SentryError(code, 'x'))).toMatchObject({
        code,
        status: HTTP_STATUS[code],
      });
  });
  it('show the winner of a conflict and the wrong places of an input', () => {
    const error = new SentryError('conflict', 'late', { current: { version: 7 } });
    expect(rpcErrorOf(error)).toMatchObject({ code: -32009, data: { current: { version: 7 } } });
    const issues = [{ path: 'a.b', message: 'wrong' }];
    expect(problemOf(new SentryError('invalid_input', 'x', { issues })).issues).toEqual(issues);
  });
  it.each([new Error('password=1'), 'text', undefined, { code: 'not_found' }])(
    'never show the text of a fault (%#)',
    (thrown) => {
      expect(problemOf(thrown)).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(problemOf(thrown))).not.toContain('password');
    },
  );
});
