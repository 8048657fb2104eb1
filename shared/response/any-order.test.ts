import fc from 'fast-check';
import { expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildPolicy, buildRule } from '#shared/testing/build-finding.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';
import { createResponseRig } from '#shared/testing/response-rig.ts';

type Rig = ReturnType<typeof createResponseRig>;

const SILENCES = [
  buildSilence({ silence_id: 'hour', ends_at: '2026-03-01T13:00:00.000Z' }),
  buildSilence({ silence_id: 'later', starts_at: '2026-03-01T12:30:00.000Z' }),
  buildSilence({
    silence_id: 'warnings',
    matchers: [{ field: 'severity', op: '=', value: 'WARN' }],
    ends_at: '2026-03-02T12:00:00.000Z',
  }),
  (({ ends_at: _e, ...rest }) => rest)(buildSilence({ silence_id: 'until', until_resolved: true })),
];
const POLICY = buildPolicy({ repeat: 1, ack_timeout_minutes: 45 });

/** What may happen, in any order: each step of a life, by its name. */
const ACTIONS: Readonly<Record<string, (rig: Rig, n: number) => Promise<unknown>>> = {
  find: (rig) => rig.find(),
  findMild: (rig) => rig.find({ rule: buildRule({ severity: 'WARN' }) }),
  findStaged: (rig) => rig.find({ rule: buildRule({ state: 'STAGED' }) }),
  findSource: (rig) => rig.find({ rule: buildRule({ rule_id: 'database-down' }) }),
  silence: async (rig, n) => {
    const silences = SILENCES.filter((_, at) => (n >> at) & 1);
    rig.use({ silences });
    if (n & 16) for (const { silence_id } of SILENCES) await rig.changed('silence', silence_id);
  },
  window: async (rig, n) =>
    rig.use({ maintenance: n & 1 ? [buildMaintenance({ rrule: 'FREQ=DAILY' })] : [] }),
  inhibit: async (rig, n) => rig.use({ inhibitions: n & 1 ? [buildInhibition()] : [] }),
  acknowledge: (rig) => rig.acknowledge(),
  unacknowledge: (rig) => rig.unacknowledge(),
  resolve: (rig) => rig.resolve(),
  wait: (rig, n) =>
    rig.until(new Date(rig.clock.now + (n + 1) * 400_000).toISOString(), 1 + (n % 2)),
  sleep: async (rig, n) => void (rig.clock.now += (n + 1) * 400_000),
};
const MAY_REFUSE = new Set(['acknowledge', 'unacknowledge', 'resolve']);

/** Whoever is held back by rules is looked at again; nobody is told meanwhile. */
function check(rig: Rig, owedBefore: ReadonlyMap<string, string> | undefined): void {
  const timers = [...rig.tables.timers.values()].map(({ row }) => row);
  for (const { row: alert } of rig.tables.alerts.values()) {
    const reasons = alert.suppressed_by.map(({ reason }) => reason);
    const isHeld = reasons.length > 0 && alert.state !== 'RESOLVED';
    const onTrial = reasons.includes('staging');
    const own = timers.filter(({ alert_id }) => alert_id === alert.alert_id);
    if (isHeld && !onTrial) expect(own.map(({ kind }) => kind)).toContain('recheck');
    if (alert.state === 'RESOLVED') expect(own).toEqual([]);
    if (!isHeld || alert.state !== 'OPEN' || !owedBefore) continue;
    for (const { row } of rig.tables.deliveries.values())
      if (row.alert_id === alert.alert_id && row.desired === 'trigger')
        expect(owedBefore.get(row.delivery_key)).toBe(row.desired_at);
  }
}

it('whatever happens in whatever order, nobody is told while held back and nobody is forgotten after', async () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(ACTIONS)), fc.integer({ min: 0, max: 31 }));
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      async (isSilenced, steps) => {
        const silences = isSilenced ? SILENCES.slice(0, 1) : [];
        const rig = createResponseRig({ policies: [POLICY], silences });
        await rig.find();
        for (const [name, n] of steps) {
          const owed = new Map(
            [...rig.tables.deliveries.values()].map(({ row }) => [
              row.delivery_key,
              row.desired_at,
            ]),
          );
          await ACTIONS[name]!(rig, n).catch((error: unknown) => {
            if (!(MAY_REFUSE.has(name) && error instanceof SentryError)) throw error;
          });
          // While time passes people are told and then held back from again.
          check(rig, name === 'wait' ? undefined : owed);
        }
        rig.use({ silences: [], maintenance: [], inhibitions: [] });
        await rig.until(new Date(rig.clock.now + 6 * 3_600_000).toISOString());
        for (const { row: alert } of rig.tables.alerts.values()) {
          const reasons = alert.suppressed_by.map(({ reason }) => reason);
          if (alert.state === 'RESOLVED' || reasons.includes('staging')) continue;
          expect(reasons).toEqual([]);
          if (alert.state === 'ACK') expect(alert.policy_id).toBeUndefined();
          if (alert.state === 'ACK') continue;
          const told = [...rig.tables.deliveries.values()].filter(
            ({ row }) => row.alert_id === alert.alert_id && row.desired === 'trigger',
          );
          expect(told.length).toBeGreaterThan(4);
        }
      },
    ),
    { numRuns: 300 },
  );
});
