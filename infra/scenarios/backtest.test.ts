import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { backtestRules } from '#infra/cli/backtest-rules.ts';
import { diffRules } from '#infra/cli/diff-rules.ts';

import { openScenario, type Scenario } from './harness.ts';
import { type Json, signIn } from './person.testing.ts';
import { until } from './until.ts';

const PATH = '/v1/alerts/policies/backtest';
let scenario: Scenario;
let ruth: Awaited<ReturnType<typeof signIn>>;
beforeAll(async () => {
  scenario = await openScenario();
  ruth = await signIn(scenario.instance, 'ruth');
  const events = ['one', 'two', 'three'].flatMap((host) =>
    Array.from({ length: 8 }, (_, n) => [
      { source: 'agent', type: 'scenario.host', payload: { host, n } },
      { source: 'agent', type: 'scenario.burst', payload: { host, n } },
    ]).flat(),
  );
  const puts = events.map((event) => ({
    bytes: Buffer.from(JSON.stringify(event)),
    partition_key: event.payload.host,
  }));
  await scenario.put(puts);
  await scenario.settle();
}, 60_000);
afterAll(() => scenario.close());

async function run(order: object): Promise<Json> {
  const started = await ruth('POST', PATH, order);
  expect(started.status, JSON.stringify(started.json)).toBe(202);
  const path = started.json.location as string;
  await until(async () => !/QUEUED|RUNNING/.test((await ruth('GET', path)).json.state), 30_000);
  return (await ruth('GET', path)).json;
}

it('all live rules over the last day make the live alerts again: ids, counts and episodes', async () => {
  const { state, error, progress, result } = await run({});
  expect({ state, error }).toEqual({ state: 'DONE', error: undefined });
  const { alerts } = await scenario.snapshot();
  const told = ({ alert_id, count, episode }: Json) => ({ alert_id, count, episode });
  const byId = (a: Json, b: Json) => (a.alert_id < b.alert_id ? -1 : 1);
  expect(result.alerts.map(told).sort(byId)).toEqual(alerts.map(told).sort(byId));
  expect(alerts).toHaveLength(6);
  expect(progress).toMatchObject({ events: 48, matches: 48, alerts: 6 });
  expect(progress.objects_read).toBe(progress.objects_total);
  expect(result.faulty_objects.total).toBe(0);
});

it('a draft is tried without a trace: alerts it would open, and the live ones it overlaps', async () => {
  const draft = {
    rule_id: 'any-host',
    name: 'Any host',
    severity: 'ERROR',
    pattern: { type: [{ prefix: 'scenario.' }], payload: { host: ['one'] } },
    detector: { kind: 'match' },
    group_by: ['payload.host'],
    title: 'Something on {payload.host}',
  };
  const before = await scenario.snapshot();
  const { kind, result } = await run({ rule: draft });
  expect(kind).toBe('draft');
  expect(result).toMatchObject({ matches: 16, alerts_total: 1, warming: 0 });
  expect(result.alerts[0]).toMatchObject({ title: 'Something on one', count: 16, episode: 1 });
  expect(result.overlap).toMatchObject([
    { rule_id: 'scenario-burst', shared_events: 8, alerts: 1 },
    { rule_id: 'scenario-host', shared_events: 8, alerts: 1 },
  ]);
  expect(result.examples[0].explanation.values).toMatchObject({ 'payload.host': 'one' });
  expect(await scenario.snapshot()).toEqual(before);
});

it('a cancelled job stays cancelled, and the list shows every job', async () => {
  const started = (await ruth('POST', PATH, { rule_id: 'scenario-host' })).json;
  const path = `${PATH}/${started.backtest_id}`;
  const cancelled = (await ruth('DELETE', path)).json;
  expect(['CANCELLED', 'DONE']).toContain(cancelled.state);
  expect((await ruth('GET', path)).json.state).toBe(cancelled.state);
  const { items } = (await ruth('GET', PATH)).json;
  expect(items.map(({ kind }: Json) => kind)).toEqual(['stored', 'draft', 'live']);
});

it('the command line fails a rule file that would open too many alerts, and one that differs', async () => {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const file = join(scenario.instance.home, 'draft.json');
  const target = { user: 'ruth', url: scenario.instance.url };
  const stored = (await ruth('GET', '/v1/alerts/policies/scenario-host')).json;
  writeFileSync(file, JSON.stringify(stored));
  expect(await backtestRules([file], { target, hours: 1, maxAlerts: 3 })).toBe(true);
  expect(await diffRules([file], target)).toBe(true);
  writeFileSync(file, JSON.stringify({ ...stored, severity: 'CRITICAL' }));
  expect(await backtestRules([file], { target, hours: 1, maxAlerts: 2 })).toBe(false);
  expect(await diffRules([file], target)).toBe(false);
  vi.restoreAllMocks();
  expect(printed).toContain('\nscenario-host: more than the 2 alerts allowed');
  expect(printed).toContain('  severity: "WARN" → "CRITICAL"');
}, 30_000);
