import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { assign } from '#shared/alert/assign.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import { buildDelivery, buildEntry } from '#shared/testing/build-alert.ts';
import { buildEvent, buildPolicy, buildRule } from '#shared/testing/build-finding.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';
import { createResponseRig } from '#shared/testing/response-rig.ts';

import { explainAlert } from './explain-alert.ts';
import type { ExplainLine } from './schema.ts';

type Rig = ReturnType<typeof createResponseRig>;
const RULE = { rule: buildRule() };

/** What the rig's alert is explained by; the rule and the policy are stored. */
async function explain(rig: Rig, alertId = rig.only().alert_id) {
  const rules = createMemoryRuleStore(rig.tables);
  const policies = createMemoryDocumentStore<EscalationPolicy>(rig.tables);
  const change = { expected: 0, journal: [], outbox: [] };
  if (!(await rules.get('t1', 'cpu-high'))) {
    await rules.save('t1', { ...change, rule: buildRule() });
    await policies.save('t1', { ...change, id: 'default', document: buildPolicy() });
  }
  const { work } = rig.ports;
  const journal = createMemoryJournalStore(rig.tables, () => rig.clock.now);
  return explainAlert({ work, journal, rules, policies }, rig.ctx, alertId);
}

const reasons = (lines: readonly ExplainLine[], kind?: ExplainLine['kind']) =>
  lines.filter((one) => kind === undefined || one.kind === kind).map(({ outcome }) => outcome);
const one = (lines: readonly ExplainLine[], outcome: ExplainLine['outcome']) =>
  lines.find((line) => line.outcome === outcome);

/** One more journal entry of the rig's alert, as a notifier writes it. */
async function tell(rig: Rig, action: string, after: Record<string, unknown>): Promise<void> {
  rig.clock.now += 1_000;
  const at = new Date(rig.clock.now).toISOString();
  const subject = { kind: 'alert', id: rig.only().alert_id };
  const journal = [buildEntry({ action, at, subject, after, actor: 'system:notify' })];
  await rig.ports.work.commit({ changes: [], journal, outbox: [] });
}

async function addDelivery(rig: Rig, fields: Partial<Delivery>): Promise<void> {
  const row = buildDelivery({ alert_id: rig.only().alert_id, step: 9, ...fields });
  const changes = [{ kind: 'delivery', row, expected: 0 } as const];
  await rig.ports.work.commit({ changes, journal: [], outbox: [] });
}

describe('an alert is explained by', () => {
  it('the rule in the version of then, what its pattern asked and the event held, and its detector', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    const { lines, truncated } = await explain(rig);
    expect(reasons(lines).slice(0, 5)).toEqual([
      'rule_matched',
      'rule_matched',
      'rule_matched',
      'opened',
      'policy_chosen',
    ]);
    expect(lines[0]).toMatchObject({ ids: { rule_id: 'cpu-high', rule_version: '1' } });
    expect(lines[1]!.sentence).toBe(
      'Its pattern asked: type metric.cpu; the event has: type is metric.cpu',
    );
    expect(lines[2]!.sentence).toContain('matched; expected none; observed one');
    expect(truncated).toBe(false);
  });

  it('a rule of which nothing is stored any more, said so, and by Sentry itself', async () => {
    const rig = createResponseRig();
    await rig.find({ rule: buildRule({ rule_id: 'gone' }) });
    expect(reasons((await explain(rig)).lines, 'rule')[0]).toBe('rule_forgotten');
    const own = createResponseRig();
    await own.find({ rule: buildRule({ rule_id: 'sentry-notifier-broken' }) });
    expect(reasons((await explain(own)).lines, 'rule')[0]).toBe('rule_of_sentry');
  });

  it('how it was counted, came back, and began a new episode', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    rig.clock.now += 1_000;
    await rig.find({ ...RULE, occurrences: 4, approximate: true });
    await rig.resolve();
    await rig.find(RULE);
    const { lines } = await explain(rig);
    expect(reasons(lines, 'dedup')).toEqual(['opened', 'reopened', 'counted_on_open_alert']);
    expect(one(lines, 'counted_on_open_alert')!.sentence).toContain('6 matching events');
    expect(one(lines, 'counted_on_open_alert')!.sentence).toContain('about');
    await rig.resolve();
    rig.clock.now += 3_600_000;
    await rig.find(RULE);
    const second = [...rig.tables.alerts.values()].find(({ row }) => row.episode === 2)!.row;
    const next = await explain(rig, second.alert_id);
    expect(reasons(next.lines, 'dedup')).toEqual(['new_episode']);
  });

  it.each([
    ['staged', { rule: buildRule({ state: 'STAGED' }) }, {}],
    ['warming', { ...RULE, warming: true }, {}],
    ['silenced', RULE, { silences: [buildSilence()] }],
    ['maintenance', RULE, { maintenance: [buildMaintenance()] }],
  ] as const)('what held it back: %s', async (outcome, finding, rules) => {
    const rig = createResponseRig(rules);
    await rig.find(finding);
    const explained = await explain(rig);
    expect([explained.outcome, reasons(explained.lines, 'suppression')]).toEqual([
      outcome,
      [outcome],
    ]);
    expect(reasons(explained.lines)).not.toContain('told');
  });

  it('the silence by its id and version, and that it was let go after it', async () => {
    const rig = createResponseRig({ silences: [buildSilence({ version: 7 })] });
    await rig.find(RULE);
    await rig.until('2026-03-01T14:00:00.000Z');
    const { lines, outcome } = await explain(rig);
    expect(one(lines, 'silenced')!.ids).toEqual({ silence_id: 'deploy', version: '7' });
    const order = reasons(lines).filter((reason) =>
      ['silenced', 'released', 'policy_chosen', 'told'].includes(reason),
    );
    expect(order.slice(0, 4)).toEqual(['silenced', 'released', 'policy_chosen', 'told']);
    expect(outcome).toBe('delivery_pending');
  });

  it('the alert that explains it', async () => {
    const rig = createResponseRig({ inhibitions: [buildInhibition()] });
    await rig.find({ rule: buildRule({ rule_id: 'database-down' }) });
    await rig.find(RULE);
    const held = [...rig.tables.alerts.values()].find(({ row }) => row.rule_id === 'cpu-high')!.row;
    const { outcome, sentence } = await explain(rig, held.alert_id);
    expect([outcome, sentence]).toEqual(['inhibited', expect.stringContaining('database-down')]);
  });

  it('that no policy matches it', async () => {
    const rig = createResponseRig({ policies: [] });
    await rig.find(RULE);
    expect((await explain(rig)).outcome).toBe('no_policy');
  });

  it('the version of the schedule and who it had on call, or that it had nobody', async () => {
    const target = { channel: 'schedule', destination: 'payments' } as const;
    const policies = [buildPolicy({ steps: [{ delay_minutes: 0, targets: [target] }] })];
    const rig = createResponseRig({ policies, schedules: [buildSchedule({ version: 3 })] });
    await rig.find(RULE);
    const { lines } = await explain(rig);
    const { ids } = one(lines, 'on_call')!;
    expect(ids).toMatchObject({ schedule_id: 'payments', schedule_version: '3' });
    expect(one(lines, 'told')!.sentence).toContain(`for ${ids.user}`);

    const empty = createResponseRig({ policies, schedules: [buildSchedule({ layers: [] })] });
    await empty.find(RULE);
    const nobody = await explain(empty);
    expect(reasons(nobody.lines)).toContain('reached_nobody');
    expect(nobody.outcome).toBe('nobody_on_call');

    const gone = createResponseRig({ policies, schedules: [] });
    await gone.find(RULE);
    expect((await explain(gone)).outcome).toBe('schedule_gone');
  });

  it('steps not taken because somebody was faster', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    await rig.acknowledge();
    const { lines } = await explain(rig);
    expect(one(lines, 'acknowledged')!.sentence).toContain('user:rosa');
    expect(one(lines, 'acknowledged_before_step')!.sentence).toBe(
      'Step 2 of policy default was not taken: it was acknowledged before',
    );
    const other = createResponseRig();
    await other.find(RULE);
    await other.resolve();
    expect(reasons((await explain(other)).lines)).toEqual(
      expect.arrayContaining(['resolved', 'resolved_before_step']),
    );
    const all = createResponseRig();
    await all.find(RULE);
    await all.until('2026-03-01T12:30:00.000Z');
    await all.acknowledge();
    expect(reasons((await explain(all)).lines)).not.toContain('acknowledged_before_step');
  });

  it('every answer of every channel, and what never had to be said', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    const to = { channel: 'slack', destination: 'slack-ops', step: 1, intent: 'trigger' };
    await tell(rig, 'notification.failed', { ...to, attempts: 1, error: 'HTTP 503' });
    await tell(rig, 'notification.dead', {
      ...to,
      attempts: 9,
      error: 'HTTP 404',
      trace: [
        {
          step: 'escalation_step',
          outcome: 'fell_back_to_secondary',
          id: 'k',
          detail: 'email ops',
        },
      ],
    });
    await tell(rig, 'notification.sent', { ...to, attempts: 10, receipt: 'ok' });
    for (const [destination, why] of [
      ['a', 'acknowledged'],
      ['b', 'resolved'],
      ['c', 'reopened'],
    ] as const)
      await addDelivery(rig, {
        destination,
        status: 'CONFIRMED',
        receipt: `not needed: ${why}`,
        next_attempt_at: undefined,
      });
    const { lines, outcome } = await explain(rig);
    expect(reasons(lines)).toEqual(
      expect.arrayContaining([
        'delivery_failed',
        'delivery_dead',
        'fell_back_to_secondary',
        'delivered',
        'delivery_pending',
        'not_needed_acknowledged',
        'not_needed_resolved',
        'not_needed',
      ]),
    );
    const { alert_id } = rig.only();
    expect(one(lines, 'delivered')).toMatchObject({
      sentence: 'Notified slack-ops, it answered: ok',
      ids: { delivery_key: `${alert_id}|1|slack-ops`, attempts: '10' },
    });
    expect(outcome).toBe('delivered');
  });

  it('how it came to its incident, as the incident tells it', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    const alert = rig.only();
    const row = { ...alert, incident_id: 'i-1', revision: alert.revision + 1 };
    const changes = [{ kind: 'alert', row, expected: alert.revision } as const];
    const subject = { kind: 'incident', id: 'i-1' };
    const join = { action: 'incident.join', at: '2026-03-01T12:00:05.000Z', subject };
    const { alert_id } = alert;
    await rig.ports.work.commit({ changes, journal: [], outbox: [] });
    const before = await explain(rig);
    expect(one(before.lines, 'joined_incident')!.sentence).toBe('It belongs to incident i-1');
    const journal = [
      buildEntry({ ...join, after: { alert_id: 'another' } }),
      buildEntry({ ...join, entry_id: 'own', after: { alert_id } }),
    ];
    await rig.ports.work.commit({ changes: [], journal, outbox: [] });
    const told = (await explain(rig)).lines.filter(({ kind }) => kind === 'incident');
    expect(told).toMatchObject([{ at: join.at, sentence: 'It joined incident i-1' }]);
  });

  it('its lines in order of time, and what nobody has words for as it stands', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    await tell(rig, 'alert.regroup', {
      trace: [
        { step: 'grouping', outcome: 'waited', id: 'g-1', detail: '30 s' },
        { step: 'suppression', outcome: 'held_back', detail: 'boredom' },
        { step: 'suppression', outcome: 'held_back', detail: 'fatigue' },
        { step: 'suppression', outcome: 'held_back', detail: 'grouping' },
        'nonsense',
        null,
      ],
    });
    await assign(rig.ports, rig.ctx, rig.only().alert_id, { assigned_to: 'user:bo' });
    const { lines } = await explain(rig);
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted());
    expect(lines.map(({ sentence }) => sentence)).toContain('grouping waited g-1 30 s');
    expect(reasons(lines)).toEqual(
      expect.arrayContaining(['held_back', 'fatigue', 'grouped', 'noted', 'assigned']),
    );
  });

  it('hostile text as text: no controls, nothing that turns its direction', async () => {
    const evil = '\u001b[31mred\u202eevil\u2066\u0000\nline';
    const rig = createResponseRig();
    await rig.find({
      rule: buildRule({ name: evil }),
      events: [buildEvent(1, { payload: { evil }, service: evil })],
      explain: { detector: 'match', summary: evil, expected: evil, observed: evil },
    });
    await tell(rig, 'notification.sent', {
      channel: 'slack',
      destination: evil,
      step: 1,
      intent: 'trigger',
      receipt: evil,
    });
    const { lines } = await explain(rig);
    const shown = lines.flatMap(({ sentence, ids }) => [sentence, ...Object.values(ids)]).join('');
    expect(shown).toContain('[31mredevil line');
    // eslint-disable-next-line no-control-regex
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('nothing to those who may not read alerts, or of another tenant', async () => {
    const rig = createResponseRig();
    await rig.find(RULE);
    const { alert_id } = rig.only();
    Object.assign(rig.ctx, { tenant: 't2' });
    await expect(explain(rig, alert_id)).rejects.toMatchObject({ code: 'not_found' });
    Object.assign(rig.ctx, { tenant: 't1', scopes: new Set() });
    await expect(explain(rig, alert_id)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
