import { openScenario, type Scenario, worked } from '#infra/scenarios/harness.ts';
import { type LivePage, openLivePage } from '#infra/scenarios/live-page.ts';
import { until } from '#infra/scenarios/until.ts';
import type { Put } from '#infra/scenarios/workload.ts';
import { seededChance } from '#infra/simulator/random.ts';
import type { AlertLine } from '#shared/live/schema.ts';

import type { Verdict } from './fault.ts';

const HOSTS = 12;
/** Real time in which a page comes to show what there is, on a very slow machine. */
export const REAL_MS = 120_000;

/** What the stories of a page share. */
export interface Stage {
  scenario: Scenario;
  page: LivePage;
  verdict: Verdict;
  chance: () => number;
  /** Events and acts of people that open, count, acknowledge, resolve and reopen some alerts. */
  churn(this: void): Promise<void>;
  /** Waits until the page shows what the API lists; what it never comes to is wrong. */
  converge(this: void, after: string): Promise<void>;
}

/** An instance with a page open at it; `end` it in any case. */
export async function openStage(seed: number): Promise<Stage & { end(this: void): Promise<void> }> {
  const scenario = await openScenario();
  const chance = seededChance(seed).next;
  const page = openLivePage(scenario.instance, 'rosa', () => chance() / 10);
  const verdict: Verdict = { wrong: [], lost: 0, extra: 0, doubles: 0, repeated: 0, figures: {} };
  const stage: Stage = {
    scenario,
    page,
    verdict,
    chance,
    churn: openChurn(scenario, page, chance),
    converge: (after) => converge(stage, after),
  };
  return {
    ...stage,
    async end() {
      page.close();
      await scenario.close();
    },
  };
}

/** Off the network while `change` runs; what the page says it missed must be how many alerts changed. */
export async function missExactly(
  { scenario, page, verdict, converge: same }: Stage,
  after: string,
  change: () => Promise<void>,
): Promise<void> {
  for (;;) {
    await same(`before ${after}`);
    const held = new Map(page.store.all().map(({ alert_id, revision }) => [alert_id, revision]));
    page.network(false);
    await change();
    await worked(scenario.instance);
    const before = await listAlerts(page);
    const times = page.missed.length;
    page.network(true);
    await until(() => page.missed.length > times, REAL_MS);
    await same(after);
    const now = await listAlerts(page);
    // A timer that fell due at this moment makes the count anybody's.
    if (JSON.stringify(before.map(nameOf)) !== JSON.stringify(now.map(nameOf))) continue;
    const wanted = now.filter(({ alert_id, revision }) => held.get(alert_id) !== revision).length;
    const said = page.missed.at(-1);
    if (said !== wanted) verdict.wrong.push(`after ${after} it says missed ${said}, not ${wanted}`);
    if (wanted === 0) verdict.wrong.push(`nothing changed during ${after}`);
    return;
  }
}

async function converge({ scenario, page, verdict }: Stage, after: string): Promise<void> {
  let differing: string[] = ['never live'];
  try {
    await until(async () => {
      if (page.live.status().kind !== 'live') return false;
      await worked(scenario.instance);
      const listed = await listAlerts(page);
      differing = difference(listed.map(nameOf), page.store.all().map(nameOf));
      if (differing.length > 0) page.live.wake();
      return differing.length === 0;
    }, REAL_MS);
  } catch {
    verdict.wrong.push(...differing.map((line) => `after ${after}: ${line}`));
    verdict.lost += differing.filter((line) => line.startsWith('not shown')).length;
    verdict.extra += differing.filter((line) => line.startsWith('only shown')).length;
  }
}

const nameOf = ({ alert_id, revision, state, count }: AlertLine) =>
  `${alert_id} revision ${revision} ${state} ${count}`;

function difference(listed: readonly string[], shown: readonly string[]): string[] {
  const [api, own] = [new Set(listed), new Set(shown)];
  return [
    ...listed.filter((line) => !own.has(line)).map((line) => `not shown: ${line}`),
    ...shown.filter((line) => !api.has(line)).map((line) => `only shown: ${line}`),
    ...(own.size < shown.length ? ['shown twice'] : []),
  ];
}

/** Every alert as the API lists it now, in order of their ids. */
async function listAlerts({ http }: LivePage): Promise<AlertLine[]> {
  const items: AlertLine[] = [];
  let cursor: string | undefined;
  do {
    const page = await http('alerts.list', { limit: 100, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return items.toSorted((a, b) => (a.alert_id < b.alert_id ? -1 : 1));
}

export function hostEvent(host: string, at: number): Put {
  const event = {
    source: 'agent',
    type: 'scenario.host',
    service: 'fleet',
    severity: 'WARN',
    timestamp: new Date(at).toISOString(),
    payload: { host },
  };
  return { event, partition_key: host.slice(0, 64) };
}

function openChurn(
  scenario: Scenario,
  { http, store }: LivePage,
  chance: () => number,
): () => Promise<void> {
  return async () => {
    const hosts = Array.from({ length: 4 }, () => `host-${Math.floor(chance() * HOSTS)}`);
    await scenario.put(hosts.map((host) => hostEvent(host, scenario.instance.clock.now())));
    await worked(scenario.instance);
    const known = store.all();
    for (let acts = 0; acts < 3 && known.length > 0; acts++) {
      const { alert_id } = known[Math.floor(chance() * known.length)]!;
      const act = chance() < 0.5 ? 'alerts.ack' : 'alerts.resolve';
      // What is resolved already is refused; so be it.
      await http(act, { alert_id }).catch(() => undefined);
    }
  };
}
