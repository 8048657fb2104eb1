import { beforeEach, describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { BUILT_AT, buildAlert } from '#shared/testing/build-alert.ts';
import { buildService } from '#shared/testing/build-service.ts';

import { healthMap } from './health-map.ts';
import type { Service } from './schema.ts';
import { seedServices } from './seed-services.ts';
import { SERVICE_KIND } from './service-kind.ts';

const context: Context = {
  tenant: 'default',
  actor: 'user:ada',
  scopes: new Set(['sentry.read', 'sentry.policy.write']),
  newId: () => 'id',
  now: () => Date.parse(BUILT_AT),
  correlation_id: 'c',
};

function makePorts() {
  const tables = createMemoryTables();
  return {
    work: createMemoryWorkStore(tables, () => context.now()),
    services: createMemoryDocumentStore<Service>(tables),
  };
}
let ports: ReturnType<typeof makePorts>;
beforeEach(() => void (ports = makePorts()));

async function put(fields: Partial<Alert>): Promise<void> {
  const row = buildAlert({ tenant: 'default', ...fields });
  const changes = [{ kind: 'alert', row, expected: 0 }] as const;
  await ports.work.commit({ changes: [...changes], journal: [], outbox: [] });
}

describe('the health map', () => {
  it('holds every service described, depended on or alerting, with its gravest active alert', async () => {
    await seedServices(ports.services, context, [buildService({ owner: 'orders' })]);
    await put({ alert_id: 'a1', service: 'checkout', severity: 'WARN' });
    await put({ alert_id: 'a2', service: 'checkout', severity: 'CRITICAL', state: 'ACK' });
    await put({ alert_id: 'a3', service: 'batch', severity: 'INFO' });
    await put({ alert_id: 'a4', service: 'payments', severity: 'ERROR', state: 'RESOLVED' });
    const { services, truncated } = await healthMap(ports, context);
    expect(truncated).toBe(false);
    expect(services).toEqual([
      {
        service: 'batch',
        description: '',
        depends_on: [],
        described: false,
        severity: 'INFO',
        open: 1,
        acknowledged: 0,
      },
      {
        service: 'checkout',
        description: 'Takes orders',
        owner: 'orders',
        depends_on: ['payments'],
        described: true,
        severity: 'CRITICAL',
        open: 1,
        acknowledged: 1,
      },
      {
        service: 'payments',
        description: '',
        depends_on: [],
        described: false,
        severity: null,
        open: 0,
        acknowledged: 0,
      },
    ]);
  });

  it('is closed to those who may not read', async () => {
    const nobody = { ...context, scopes: new Set<never>() };
    await expect(healthMap(ports, nobody)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a service', () => {
  it.each([
    [['checkout'], 'does not name the service itself'],
    [['payments', 'payments'], 'names each service once'],
  ])('that depends on %j is refused with the place', (depends_on, message) => {
    expect(() => SERVICE_KIND.check({ service: 'checkout', depends_on })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: `The service is not valid: depends_on: ${message}`,
      }),
    );
  });

  it('that people changed or removed is not seeded again', async () => {
    const drafts = [{ service: 'web', depends_on: [] }];
    expect(await seedServices(ports.services, context, drafts)).toEqual(['web']);
    expect(await seedServices(ports.services, context, drafts)).toEqual([]);
    expect(await ports.services.versions('default', 'web')).toHaveLength(1);
  });
});
