import { describe, expect, it } from 'vitest';

import { ROLES, type Role } from '#shared/access/scope.ts';
import { ROUTE_ACCESS, type RouteAccess } from '#shared/api/route-access.ts';
import { routeOf } from '#shared/api/routes.ts';
import type { Stamped } from '#shared/document/kind.ts';
import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import { buildDelivery } from '#shared/testing/build-alert.ts';
import { buildBacktest } from '#shared/testing/build-backtest.ts';
import { buildIncident } from '#shared/testing/build-incident.ts';
import { buildLookup } from '#shared/testing/build-lookup.ts';
import { putChannel } from '#shared/testing/put-channel.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';
import { buildService } from '#shared/testing/build-service.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';
import { buildRule, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { createApiRig, type RigAnswer } from './api-rig.testing.ts';

const ROLE_NAMES = Object.keys(ROLES) as Role[];
const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const INCIDENT = 'iiiiiiiiiiiiiiiiiiiiiiiiii';
const {
  version: _v,
  author: _a,
  created_at: _c,
  updated_at: _u,
  ...DRAFT
} = buildRule({
  tests: RULE_TESTS,
});
const { version: _sv, author: _sa, updated_at: _su, ...SCHEDULE } = buildSchedule();
/** What an author writes: a document without its stamps. */
function written<Document extends Stamped>(document: Document) {
  const { version: _version, author: _author, updated_at: _updated, ...fields } = document;
  return fields;
}
const POLICY = { ...DEFAULT_POLICIES[0]!, policy_id: 'payments-page' };
const SILENCE = written(buildSilence());
const MAINTENANCE = written(buildMaintenance());
const INHIBITION = written(buildInhibition());
const SERVICE = written(buildService());
const CHANNEL = { channel_id: 'slack-ops', channel: 'slack', name: 'SECRET' };
/** Bodies that make each write succeed where it is allowed. */
const BODIES: Record<string, string> = {
  'events.ingest': '{"source":"s","type":"t","severity":"INFO","payload":{}}',
  'alerts.assign': '{"assigned_to":"rosa"}',
  'incidents.open': JSON.stringify({ alert_ids: [ALERT] }),
  'incidents.configure': '{"window_minutes":5}',
  'incidents.escalate': '{}',
  'incidents.assign': '{"assigned_to":"rosa"}',
  'incidents.status': '{"status":"ANALYZING"}',
  'rules.import': JSON.stringify([DRAFT]),
  'rules.test': JSON.stringify({ rule: DRAFT, events: [{ source: 's', type: 'metric.cpu' }] }),
  'rules.rollback': JSON.stringify({ version: 1, reason: 'worse' }),
  'rules.create': JSON.stringify(DRAFT),
  'rules.replace': JSON.stringify(DRAFT),
  'lookups.put': '["ada"]',
  'explain.foresee': '{"event":{"source":"s","type":"metric.cpu","payload":{"value_percent":99}}}',
  'silences.create': JSON.stringify(SILENCE),
  'silences.replace': JSON.stringify(SILENCE),
  'silences.preview': JSON.stringify({ matchers: SILENCE.matchers }),
  'maintenance.create': JSON.stringify(MAINTENANCE),
  'maintenance.replace': JSON.stringify(MAINTENANCE),
  'inhibitions.create': JSON.stringify(INHIBITION),
  'inhibitions.replace': JSON.stringify(INHIBITION),
  'escalations.create': JSON.stringify(written(POLICY)),
  'escalations.replace': JSON.stringify(written(POLICY)),
  'escalations.import': JSON.stringify([written(POLICY)]),
  'escalations.simulate': '{}',
  'channels.create': JSON.stringify({ ...CHANNEL, name: 'x' }),
  'channels.replace': JSON.stringify({ ...CHANNEL, name: 'x' }),
  'services.create': JSON.stringify(SERVICE),
  'services.replace': JSON.stringify(SERVICE),
  'schedules.create': JSON.stringify(SCHEDULE),
  'schedules.replace': JSON.stringify(SCHEDULE),
};

function pathOf(route: RouteAccess): string {
  return route.path
    .replace('{alert_id}', ALERT)
    .replace('{incident_id}', INCIDENT)
    .replace('{rule_id}', 'cpu-high')
    .replace('{quarantine_id}', 'q1')
    .replace('{backtest_id}', 'b1')
    .replace('{schedule_id}', 'payments')
    .replace('{policy_id}', 'payments-page')
    .replace('{silence_id}', 'deploy')
    .replace('{maintenance_id}', 'patching')
    .replace('{inhibition_id}', 'database-down')
    .replace('{service}', 'checkout')
    .replace('{channel_id}', 'slack-ops')
    .replace('{delivery_key}', `${ALERT}|1|slack-ops`)
    .replace('{name}', 'vip-users')
    .replace(
      /^\/v1\/explain$/,
      route.method === 'GET' ? `/v1/explain?alert=${ALERT}` : '/v1/explain',
    )
    .replace('/timeline', `/timeline?alert=${ALERT}`);
}

/** Everything there is to see in tenant `tenant`, so that no refusal hides behind "not found". */
async function callIn(
  tenant: string,
  route: RouteAccess,
  groups: readonly string[] | undefined,
): Promise<RigAnswer & { rig: ReturnType<typeof createApiRig> }> {
  const rig = createApiRig();
  const isUnack = route.operation === 'alerts.unack';
  await rig.putAlert({ tenant, title: 'SECRET', ...(isUnack && { state: 'ACK' }) });
  await rig.api.work.commit({
    changes: [{ kind: 'incident', row: buildIncident({ tenant, title: 'SECRET' }), expected: 0 }],
    journal: [],
    outbox: [],
  });
  if (route.operation !== 'rules.create')
    await rig.api.rules.save(tenant, {
      rule: buildRule({ name: 'SECRET' }),
      expected: 0,
      journal: [],
      outbox: [],
    });
  await rig.api.quarantine.put(
    {
      quarantine_id: 'q1',
      tenant,
      reason: 'bad_json',
      detail: 'SECRET',
      origin: 'api',
      state: 'HELD',
      count: 1,
      first_seen: '2026-03-01T12:00:00.000Z',
      last_seen: '2026-03-01T12:00:00.000Z',
      size_bytes: 1,
      raw_base64: 'eA==',
      fence: {},
      revision: 1,
    },
    0,
  );
  await rig.api.backtests.create(buildBacktest({ tenant, created_by: 'SECRET' }), []);
  await rig.api.lookups.save(tenant, {
    lookup: buildLookup({ description: 'SECRET' }),
    expected: 0,
    journal: [],
    outbox: [],
  });
  if (route.operation !== 'escalations.create')
    await rig.api.policies.save(tenant, {
      id: 'payments-page',
      document: { ...POLICY, name: 'SECRET' },
      expected: 0,
      journal: [],
      outbox: [],
    });
  if (route.operation !== 'schedules.create')
    await rig.api.schedules.save(tenant, {
      id: 'payments',
      document: buildSchedule({ name: 'SECRET' }),
      expected: 0,
      journal: [],
      outbox: [],
    });
  const rest = { expected: 0, journal: [], outbox: [] };
  if (route.operation !== 'silences.create')
    await rig.api.silences.save(tenant, {
      id: 'deploy',
      document: buildSilence({ comment: 'SECRET' }),
      ...rest,
    });
  if (route.operation !== 'maintenance.create')
    await rig.api.maintenance.save(tenant, {
      id: 'patching',
      document: buildMaintenance({ comment: 'SECRET' }),
      ...rest,
    });
  if (route.operation !== 'inhibitions.create')
    await rig.api.inhibitions.save(tenant, {
      id: 'database-down',
      document: buildInhibition({ comment: 'SECRET' }),
      ...rest,
    });
  if (route.operation !== 'services.create')
    await rig.api.services.save(tenant, {
      id: 'checkout',
      document: buildService({ description: 'SECRET' }),
      ...rest,
    });
  if (route.operation !== 'channels.create') await putChannel(rig.api.channels, tenant, CHANNEL);
  const delivery = buildDelivery({
    tenant,
    alert_id: ALERT,
    delivery_key: `${ALERT}|1|slack-ops`,
    channel: 'slack',
    destination: 'slack-ops',
    status: 'DEAD',
    last_error: 'SECRET',
    next_attempt_at: undefined,
  });
  await rig.api.work.commit({
    changes: [{ kind: 'delivery', row: delivery, expected: 0 }],
    journal: [],
    outbox: [],
  });
  const body = BODIES[route.operation];
  const answer = await rig.request(route.method, pathOf(route), {
    ...(groups && { groups }),
    ...(body !== undefined && { body }),
  });
  return { ...answer, rig };
}

function mayCall(role: Role, { access }: RouteAccess): boolean {
  if (access === 'public' || access === 'signed_in') return true;
  return (ROLES[role] as readonly string[]).includes(access);
}

describe('authorization, for every row of the route table', () => {
  for (const route of ROUTE_ACCESS as readonly RouteAccess[])
    describe(`${route.method} ${route.path}`, () => {
      it(`is ${route.access === 'public' ? 'open to' : 'closed to'} a caller without a token`, async () => {
        const { status } = await callIn('default', route, undefined);
        expect(status).toBe(route.access === 'public' ? 200 : 401);
      });
      if (route.access === 'signed') {
        it('is closed to every token: only a signature opens it', async () => {
          for (const role of ROLE_NAMES)
            expect((await callIn('default', route, [role])).status, role).toBe(401);
        });
        return;
      }
      it.each(ROLE_NAMES)('gives %s what the table says, in the shape it says', async (role) => {
        const { status, json } = await callIn('default', route, [role]);
        if (!mayCall(role, route)) {
          expect([status, json.code]).toEqual([403, 'forbidden']);
          return;
        }
        const { result, status: success = 200 } = routeOf(route.operation)!;
        expect(status).toBe(success);
        expect(result.safeParse(json).error).toBeUndefined();
      });
      it('refuses a caller without any role, unless the table asks for none', async () => {
        const { status } = await callIn('default', route, []);
        const isOpen = route.access === 'public' || route.access === 'signed_in';
        expect(status === 403).toBe(!isOpen);
      });
      it('never shows another tenant anything of the first, nor changes it', async () => {
        const { json, rig } = await callIn('default', route, ['admin', 'tenant-other']);
        expect(JSON.stringify(json)).not.toContain('SECRET');
        expect((await rig.api.work.getAlert('default', ALERT))?.revision).toBe(1);
        expect((await rig.api.work.getIncident('default', INCIDENT))?.revision).toBe(1);
        expect((await rig.api.quarantine.get('default', 'q1'))?.revision).toBe(1);
        const rule = await rig.api.rules.get('default', 'cpu-high');
        expect(rule?.version).toBe(route.operation === 'rules.create' ? undefined : 1);
      });
    });
});
