import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { acknowledge } from '#shared/alert/acknowledge.ts';
import { decideRaise, readRaiseRows } from '#shared/alert/raise.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import { buildEvent, buildFinding, buildPolicy, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';
import { createIncidentRig, type IncidentRig } from '#shared/testing/incident-rig.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';

import { changeStatus } from './change-status.ts';
import { escalateIncident } from './escalate.ts';
import { follow } from './follow.ts';
import { IncidentSettings } from './schema.ts';

const step = fc.oneof(
  fc.record({
    kind: fc.constant('raise' as const),
    group: fc.constantFrom('a', 'b'),
    service: fc.constantFrom('checkout', 'checkout', 'search'),
    severity: fc.constantFrom(...(['WARN', 'ERROR', 'ERROR', 'CRITICAL'] as const)),
    warming: fc.constantFrom(false, false, true),
  }),
  fc.record({
    kind: fc.constantFrom('ack' as const, 'resolve' as const, 'close' as const),
    nth: fc.nat(20),
  }),
  fc.record({
    kind: fc.constant('escalate' as const),
    nth: fc.nat(20),
    request_id: fc.constantFrom('r1', 'r2'),
  }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 9, 31) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function take(rig: IncidentRig, one: Step, manual: Map<string, Set<string>>): Promise<void> {
  if (one.kind === 'wait') return rig.minutes(one.minutes);
  if (one.kind === 'raise') {
    const { group, service, severity, warming } = one;
    await rig.raise({ group, service, severity, ...(warming && { fields: { warming } }) });
    return;
  }
  try {
    if (one.kind === 'ack' || one.kind === 'resolve') {
      const alerts = [...rig.causes(), ...rig.escalations()];
      if (alerts.length === 0) return;
      await rig[one.kind](alerts[one.nth % alerts.length]!.alert_id);
      return;
    }
    const incidents = rig.incidents();
    if (incidents.length === 0) return;
    const { incident_id } = incidents[one.nth % incidents.length]!;
    if (one.kind === 'escalate') {
      await escalateIncident(rig.ports, rig.ctx, incident_id, { request_id: one.request_id });
      manual.set(incident_id, (manual.get(incident_id) ?? new Set()).add(one.request_id));
    } else await changeStatus(rig.ports, rig.ctx, incident_id, { status: 'CLOSED' });
  } catch (error) {
    if (!(error instanceof SentryError && error.code === 'conflict')) throw error;
  }
}

function check(rig: IncidentRig, manual: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const incident of rig.incidents()) {
    const { incident_id, escalation_level, status, open_count } = incident;
    const own = rig.causes().filter((alert) => alert.incident_id === incident_id);
    const told = rig.escalations().filter((alert) => alert.incident_id === incident_id);
    const open = own.filter(({ state }) => state !== 'RESOLVED');
    // One alert by itself, and one more for each request.
    expect(told).toHaveLength(1 + (manual.get(incident_id)?.size ?? 0));
    expect(escalation_level).toBe(told.length);
    expect(open_count).toBe(open.length);
    if (open.length === 0) expect(status).toBe('CLOSED');
    if (status === 'CLOSED') expect(told.every(({ state }) => state === 'RESOLVED')).toBe(true);
    expect(incident.alert_ids).toHaveLength(incident.alert_count);
    expect(incident.closed_at === undefined).toBe(status !== 'CLOSED');
  }
  for (const alert of rig.causes()) {
    const isTold = alert.state !== 'RESOLVED' && alert.suppressed_by.length === 0;
    if (isTold && (alert.severity === 'ERROR' || alert.severity === 'CRITICAL'))
      expect(alert.incident_id).toBeDefined();
  }
}

describe('after every sequence of alerts, acknowledgements, resolves, closes and escalations', () => {
  it('every grave alert has an incident, with exactly one alert per escalation and the right count', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }),
        async (steps) => {
          const rig = createIncidentRig();
          const manual = new Map<string, Set<string>>();
          for (const one of steps) {
            await take(rig, one, manual);
            check(rig, manual);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** A store that lets `meanwhile` happen before its first commit. */
function overtaken(work: WorkStore, meanwhile: () => Promise<unknown>): WorkStore {
  let isFirst = true;
  return {
    ...work,
    async commit(commit: Commit) {
      if (isFirst) {
        isFirst = false;
        await meanwhile();
      }
      await work.commit(commit);
    },
  };
}

describe('races', () => {
  it('two alerts of a service that open at once are of one incident, which escalates once', async () => {
    const rig = createIncidentRig();
    await Promise.all(['a', 'b', 'c'].map((group) => rig.raise({ group })));
    expect(rig.incidents()).toMatchObject([{ alert_count: 3, open_count: 3 }]);
    expect(rig.escalations()).toHaveLength(1);
  });

  it('the loser who decided to make an incident of its own writes nothing', async () => {
    const rig = createIncidentRig();
    const finding = buildFinding({ group_key: 'checkout/late' });
    const [rows = {}] = await readRaiseRows(rig.work, 't1', [
      { rule_id: finding.rule.rule_id, group_key: finding.group_key },
    ]);
    const raised = decideRaise(rows, finding, rig.rules, rig.ctx);
    const decided = await follow(rig.ports, rig.ctx, undefined, raised);
    await rig.raise({ group: 'first' });
    await expect(rig.work.commit(decided.commit)).rejects.toMatchObject({ code: 'conflict' });
    expect(rig.incidents()).toHaveLength(1);
    expect(rig.escalations()).toHaveLength(1);
  });

  it('a resolve that meets a new alert leaves the incident open with that one', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise({ group: 'a' });
    const work = overtaken(rig.work, () => rig.raise({ group: 'b' }));
    await resolve({ work }, rig.ctx, a.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'ESCALATED', open_count: 1 }]);
    expect(rig.escalations()).toMatchObject([{ state: 'OPEN' }]);
  });

  it('an acknowledgement that meets an escalation is not lost, nor is the escalation', async () => {
    const rig = createIncidentRig();
    const a = await rig.raise();
    const work = overtaken(rig.work, () =>
      escalateIncident(rig.ports, rig.ctx, a.incident_id!, { request_id: 'r' }),
    );
    await acknowledge({ work }, rig.ctx, a.alert_id);
    expect(rig.incidents()).toMatchObject([{ status: 'ANALYZING', escalation_level: 2 }]);
    expect(rig.escalations()).toHaveLength(2);
  });
});

describe('through the detector', () => {
  const rules = [buildRule({ group_by: ['payload.host'] })];
  const records = Array.from({ length: 60 }, (_, n) =>
    buildRecord(
      1000 + n,
      buildEvent(n, {
        payload: { host: `h${n % 12}` },
        service: n % 12 < 8 ? 'checkout' : 'search',
      }),
    ),
  );
  function harnessWithIncidents() {
    const harness = createDetectHarness(rules);
    const incidents = IncidentSettings.parse({});
    harness.ports.response = async () => ({ ...NO_RESPONSE, policies: [buildPolicy()], incidents });
    return harness;
  }
  const pictureOf = (harness: ReturnType<typeof harnessWithIncidents>) => ({
    ...harness.outcome(),
    journal: undefined,
    outbox: undefined,
    alerts: [...harness.tables.alerts.values()].map(({ row }) => row.service).sort(),
    deliveries: harness.tables.deliveries.size,
    timers: harness.tables.timers.size,
    incidents: [...harness.tables.incidents.values()]
      .map(({ row }) => [row.service, row.alert_count, row.open_count, row.escalation_level])
      .sort((x, y) => String(x[0]).localeCompare(String(y[0]))),
  });

  it('alerts of one service in one batch are of one incident, and all of them are there', async () => {
    const harness = harnessWithIncidents();
    expect((await harness.deliver(records)).uncommitted).toBeUndefined();
    expect(pictureOf(harness).incidents).toEqual([
      ['checkout', 8, 8, 1],
      ['search', 4, 4, 1],
    ]);
    expect(pictureOf(harness).alerts).toHaveLength(12 + 2);
  });

  it('what is delivered again, in parts and by two workers at once, changes nothing', async () => {
    const clean = harnessWithIncidents();
    await clean.deliver(records);
    for (const cut of [1, 13, 30, 59]) {
      const harness = harnessWithIncidents();
      await harness.deliver(records.slice(0, cut));
      const other = records.map((record) => ({ ...record, shard: 'shardId-000000000001' }));
      await Promise.all([harness.deliverUntilDone(records), harness.deliverUntilDone(other)]);
      expect(pictureOf(harness)).toEqual(pictureOf(clean));
    }
  });

  it('reads nothing of incidents for occurrences that are only counted', async () => {
    const harness = harnessWithIncidents();
    await harness.deliver(records.slice(0, 24));
    let reads = 0;
    const counting: WorkStore = {
      ...harness.work,
      getIncident: (...args) => (reads++, harness.work.getIncident(...args)),
      getIncidentPointer: (...args) => (reads++, harness.work.getIncidentPointer(...args)),
    };
    const report = await harness.deliver(records.slice(24), counting);
    expect([report.counted, reads]).toEqual([12, 0]);
  });
});
