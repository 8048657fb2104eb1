import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryLookupStore } from '#shared/adapters/memory/memory-lookup-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { writeArchive } from '#shared/archive/write-archive.ts';
import { DetectorConfig } from '#shared/detection/kinds.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

import { explainEvent } from './explain-event.ts';
import type { Explained } from './schema.ts';

const EVENT = buildEvent({ event_id: 'e-42' });
const THREE_IN_TEN_MINUTES = DetectorConfig.parse({
  kind: 'threshold',
  aggregate: 'count',
  operator: '>=',
  threshold: 3,
  window_seconds: 600,
});
const THRESHOLD = buildRule({
  detector: THREE_IN_TEN_MINUTES,
});

/** A detector with its archive: what is delivered is archived too. */
async function createRig(rules: readonly DetectionRule[]) {
  const harness = createDetectHarness(rules);
  const archive = createMemoryEventArchive();
  const store = createMemoryRuleStore(harness.tables);
  for (const rule of rules)
    for (let version = 1; version <= rule.version; version++)
      await store.save('t1', {
        rule: { ...rule, version },
        expected: version - 1,
        journal: [],
        outbox: [],
      });
  const options = { signingKey: '', defaultTenant: 't1', archive };
  const ports = {
    work: harness.work,
    journal: createMemoryJournalStore(harness.tables, () => harness.clock.now),
    rules: store,
    policies: createMemoryDocumentStore<EscalationPolicy>(harness.tables),
    lookups: createMemoryLookupStore(harness.tables, () => {}),
    archive,
    quarantine: harness.ports.quarantine,
  };
  const ctx = buildContext(harness.clock);
  return {
    ...harness,
    ports,
    ctx,
    archive,
    store,
    async take(records: readonly StreamRecord[]) {
      const archived = records.map(({ bytes, ...rest }) => ({ ...rest, data: bytes }));
      await writeArchive(archived, options);
      await harness.deliver(records);
    },
    explain: (eventId = 'e-42', at = BUILT_AT): Promise<Explained> =>
      explainEvent(ports, ctx, eventId, at),
  };
}
const reasons = ({ lines }: Explained) => lines.map(({ outcome }) => outcome);

describe('an event that told nobody is explained by', () => {
  it('not being in the archive of that time, and which objects were read', async () => {
    const rig = await createRig([buildRule()]);
    await rig.take([buildRecord(1, buildEvent({ event_id: 'other' }))]);
    const explained = await rig.explain();
    expect(explained).toMatchObject({
      outcome: 'not_in_archive',
      truncated: false,
      archive: { objects: 1, events: 1, from: '2026-03-01T11:00:00.000Z', complete: true },
    });
    expect(explained.archive!.read).toEqual([...rig.archive.objects.keys()]);
    const dayLater = await rig.explain('other', '2026-03-02T12:00:00.000Z');
    expect([dayLater.outcome, dayLater.archive!.objects]).toEqual(['not_in_archive', 0]);
  });

  it.each([
    ['torn', '{"event_id":"e-42","source":', 'bad_json'],
    [
      'of the wrong shape',
      '{"event_id":"e-42","source":"s","type":"t","severity":7}',
      'bad_severity',
    ],
  ])('having been quarantined: %s', async (_, body, reason) => {
    const rig = await createRig([buildRule()]);
    await rig.take([buildRecord(1, body)]);
    const { outcome, lines } = await rig.explain();
    expect([outcome, lines[0]!.ids.reason]).toEqual(['quarantined', reason]);
    expect(lines[0]!.ids.quarantine_id).toBeDefined();
    rig.archive.objects.clear();
    expect((await rig.explain()).outcome).toBe('quarantined');
  });

  it('its own quarantine, and not that of an event whose id merely begins alike', async () => {
    const rig = await createRig([buildRule()]);
    await rig.take([
      buildRecord(1, '{"event_id":"e-421","source":'),
      buildRecord(2, '[{"message":"{\\"event_id\\":\\"e-7\\"'),
    ]);
    expect((await rig.explain('e-42')).outcome).toBe('not_in_archive');
    expect((await rig.explain('e-7')).outcome).toBe('quarantined');
  });

  it('the three rules that came nearest, each with the first condition that failed', async () => {
    const rig = await createRig([
      buildRule({ rule_id: 'far', pattern: { type: ['x'], service: ['y'] } }),
      buildRule({
        rule_id: 'near',
        pattern: { type: ['metric.cpu'], payload: { value_percent: [{ numeric: ['>', 99] }] } },
      }),
      buildRule({
        rule_id: 'nearer',
        pattern: {
          type: ['metric.cpu'],
          source: ['agent'],
          $or: [{ service: ['a'] }, { severity: ['ERROR'] }],
        },
      }),
      buildRule({ rule_id: 'farther', pattern: { type: ['x'], service: ['y'], source: ['z'] } }),
    ]);
    await rig.take([buildRecord(1, EVENT)]);
    const explained = await rig.explain();
    expect(explained.outcome).toBe('no_pattern_matched');
    expect(explained.lines.slice(2).map(({ sentence }) => sentence)).toEqual([
      'Near: nearer, 2 of 3 conditions hold; the first that fails: $or must be one of its alternatives, it is ‹$or›',
      'Near: near, 1 of 2 conditions hold; the first that fails: payload.value_percent must be > 99, it is 95',
      'Near: far, 0 of 2 conditions hold; the first that fails: type must be x, it is metric.cpu',
    ]);
  });

  it.each([
    ['rule_draft', 'DRAFT'],
    ['rule_disabled', 'DISABLED'],
    ['rule_archived', 'ARCHIVED'],
  ] as const)('%s, where a rule would have selected it', async (outcome, state) => {
    const rig = await createRig([buildRule({ state })]);
    await rig.take([buildRecord(1, EVENT)]);
    expect((await rig.explain()).outcome).toBe(outcome);
  });

  it('the rule as it stood then, whatever became of it since', async () => {
    const rig = await createRig([buildRule({ state: 'DISABLED' })]);
    await rig.take([buildRecord(1, EVENT)]);
    const rule = buildRule({ version: 2, updated_at: '2026-03-01T13:00:00.000Z' });
    await rig.store.save('t1', { rule, expected: 1, journal: [], outbox: [] });
    const { outcome, lines } = await rig.explain();
    expect([outcome, lines[1]!.ids.rule_version]).toEqual(['rule_disabled', '1']);
    const unborn = buildRule({ rule_id: 'later', updated_at: '2026-03-01T13:00:00.000Z' });
    await rig.store.save('t1', { rule: unborn, expected: 0, journal: [], outbox: [] });
    expect(reasons(await rig.explain())).not.toContain('rule_matched');
  });

  it('a rule that could not be asked', async () => {
    const rig = await createRig([buildRule({ pattern: { type: [{ lookup: 'gone' }] } })]);
    await rig.take([buildRecord(1, EVENT)]);
    expect((await rig.explain()).outcome).toBe('rule_broken');
  });

  it('being too few: what of its group counted towards the threshold in the hour before it', async () => {
    const rig = await createRig([THRESHOLD]);
    await rig.take([
      buildRecord(1, buildEvent({ event_id: 'e-41' })),
      buildRecord(2, buildEvent({ event_id: 'elsewhere', service: 'billing' })),
      buildRecord(3, EVENT),
      buildRecord(4, buildEvent({ event_id: 'after', service: 'other' })),
    ]);
    const { outcome, sentence } = await rig.explain();
    expect(outcome).toBe('below_threshold');
    expect(sentence).toContain('2 matching events of its group');
  });

  it('an alert that was there already', async () => {
    const rig = await createRig([buildRule()]);
    await rig.take([
      buildRecord(1, buildEvent({ event_id: 'first', timestamp: '2026-03-01T11:59:00.000Z' })),
      buildRecord(2, EVENT),
    ]);
    const counted = await rig.explain();
    const opening = await rig.explain('first');
    expect([counted.outcome, opening.outcome]).toEqual([
      'counted_on_open_alert',
      'delivery_pending',
    ]);
    expect(counted.alert_id).toBe(opening.alert_id);
    expect(reasons(counted)).toContain('told');
  });

  it.each([['staged', { state: 'STAGED' as const }]])(
    'what holds its alert back: %s',
    async (outcome, fields) => {
      const rig = await createRig([buildRule(fields)]);
      await rig.take([buildRecord(1, EVENT)]);
      expect((await rig.explain()).outcome).toBe(outcome);
    },
  );

  it('an alert that is no longer stored', async () => {
    const rig = await createRig([buildRule()]);
    await rig.take([buildRecord(1, EVENT)]);
    rig.tables.alerts.clear();
    rig.tables.pointers.clear();
    expect((await rig.explain()).outcome).toBe('fired_unseen');
  });

  it('what could be read within the bounds, and that there was more', async () => {
    const rig = await createRig([buildRule()]);
    await rig.take([buildRecord(1, buildEvent({ event_id: 'other' }))]);
    let reads = 0;
    Object.assign(rig.ctx, { now: () => rig.clock.now + 8_000 * reads++ });
    const { outcome, truncated, archive } = await rig.explain();
    expect([outcome, truncated, archive!.complete]).toEqual(['not_read_whole', true, false]);
  });

  it('nothing of another tenant, and hostile text as text', async () => {
    const evil = 'e\u202e42\u0007';
    const rig = await createRig([buildRule({ pattern: { service: ['x'] } })]);
    await rig.take([buildRecord(1, buildEvent({ event_id: evil, service: 'a\u2066b\u001b[31m' }))]);
    const shown = JSON.stringify(await rig.explain(evil));
    expect(shown).toContain('no_pattern_matched');
    expect(shown).not.toMatch(/\\u00|[\u202a-\u202e\u2066-\u2069]/);
    Object.assign(rig.ctx, { tenant: 't2' });
    expect((await rig.explain(evil)).outcome).toBe('not_in_archive');
  });
});
