import { type Chance, seededChance } from '#infra/simulator/random.ts';

import type { BenchRule, Condition } from './rule-workload.ts';

const TYPES = Array.from(
  { length: 20 },
  (_, at) => `${['api', 'db', 'host', 'net'][at % 4]!}.${at}`,
);
const ACTIONS = 'list get create update delete assume attach detach'.split(' ');
const ZONES = ['a', 'b', 'c'];
/** Fields that only events of some types have, three to a type. */
const OWN_FIELDS = Array.from({ length: 24 }, (_, at) => `metric_${at}`);
const MATCHING = 0.01;

/**
 * Another world than rule-workload.ts, so that nothing is tuned to that one: types as unevenly common
 * as in life, shapes of events that differ by type, and rules most of whose conditions hold often:
 * each has one that ordinary events do not meet, and which that is cannot be seen from its form.
 */
export function unevenWorkload(seed: number, ruleCount: number) {
  const chance = seededChance(seed * 104_729 + ruleCount);
  const rules = Array.from({ length: ruleCount }, (_, at) => makeRule(chance, `rule-${at}`));
  return {
    rules,
    /** `count` events as JSON texts of about 600 bytes; one in a hundred fires a rule. */
    events: (count: number) =>
      Array.from({ length: count }, (_, at) => {
        const event = makeEvent(chance, skewed(chance, TYPES.length));
        if (chance.next() < MATCHING || at === 0) fire(event, chance.pick(rules).all);
        return JSON.stringify(event);
      }),
  };
}

type Made = Record<string, unknown> & Record<'payload' | 'labels', Record<string, unknown>>;

/** Below `count`, small numbers far oftener than large ones. */
function skewed(chance: Chance, count: number): number {
  return Math.floor(chance.next() ** 3 * count);
}

function word(chance: Chance): string {
  return Math.floor(chance.next() * 36 ** 8).toString(36);
}

function ownFields(type: number): string[] {
  return [0, 1, 2].map((n) => OWN_FIELDS[(type * 5 + n * 7) % OWN_FIELDS.length]!);
}

function makeEvent(chance: Chance, type: number): Made {
  const numbers = ownFields(type).map((name) => [name, Math.floor(chance.between(0, 100))]);
  return {
    type: TYPES[type]!,
    source: `team-${type % 6}/collector`,
    event_id: word(chance) + word(chance),
    timestamp: new Date(1.7e12 + Math.floor(chance.next() * 1e10)).toISOString(),
    severity: chance.pick(['INFO', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']),
    labels: {
      cluster: `cluster-${skewed(chance, 12)}`,
      zone: chance.pick(ZONES),
      commit: word(chance) + word(chance),
      node: `node-${word(chance)}`,
    },
    service: `svc-${skewed(chance, 60)}`,
    payload: {
      action: `${chance.pick(ACTIONS)}-${type}`,
      actor: `role/${chance.pick(['app', 'ops', 'ci'])}/${skewed(chance, 800)}`,
      ...(type % 3 > 0 && { address: `172.16.${skewed(chance, 255)}.${skewed(chance, 255)}` }),
      uri: `/api/v2/tenants/${skewed(chance, 400)}/objects/${word(chance)}`,
      ...Object.fromEntries(numbers),
      ...(type % 2 > 0 && {
        agent: `sdk-${skewed(chance, 9)} (linux; x86_64) build ${word(chance)}`,
      }),
      note: `${word(chance)} completed by ${word(chance)} after ${skewed(chance, 90)} steps, nothing held back`,
      ok: true,
      tags: ['batch', word(chance)],
    },
  };
}

function makeRule(chance: Chance, id: string): BenchRule {
  const type = skewed(chance, TYPES.length);
  const measure = `payload.${chance.pick(ownFields(type))}`;
  const common: Condition[] = [
    { path: 'type', test: 'equals', operand: [TYPES[type]!] },
    { path: 'source', test: 'equals', operand: [`team-${type % 6}/collector`] },
    { path: 'type', test: 'equals', operand: [TYPES[type]!, TYPES[(type + 1) % 20]!] },
    { path: 'severity', test: 'equals', operand: ['WARNING', 'ERROR', 'INFO'] },
    { path: 'labels.zone', test: 'equals', operand: [chance.pick(ZONES)] },
    { path: 'labels.cluster', test: 'equals', operand: [`cluster-${skewed(chance, 12)}`] },
    { path: 'payload.uri', test: 'prefix', operand: '/api/v2/tenants/' },
    { path: 'payload.uri', test: 'exists', operand: true },
    { path: measure, test: 'above', operand: Math.floor(chance.between(5, 60)) },
    { path: 'payload.actor', test: 'none-of', operand: ['role/ops/1', 'role/ci/2'] },
  ];
  const telling = makeTelling(chance, type, measure);
  const all = new Map([[telling.path, telling]]);
  // Most rules name their type; the fifth part is said of any event.
  if (chance.next() < 0.8) all.set('type', common[chance.next() < 0.8 ? 0 : 2]!);
  for (let more = 1 + Math.floor(chance.next() * 3); more > 0; more--) {
    const condition = chance.pick(common.slice(chance.next() < 0.5 ? 3 : 1));
    if (!all.has(condition.path) && condition.path !== 'type') all.set(condition.path, condition);
  }
  return { id, all: [...all.values()] };
}

/** The condition ordinary events do not meet. */
function makeTelling(chance: Chance, type: number, measure: string): Condition {
  const rare = word(chance);
  const pick = Math.floor(chance.next() * 9);
  if (pick < 2)
    return { path: 'payload.action', test: 'equals', operand: [`purge-${type}-${rare}`] };
  if (pick < 4)
    return { path: measure, test: 'above', operand: Math.floor(chance.between(100, 5_000)) };
  const tellings: Condition[] = [
    { path: 'payload.actor', test: 'equals', operand: [`role/root/${rare}`, `role/root/${rare}2`] },
    { path: 'payload.uri', test: 'prefix', operand: `/api/v2/tenants/!${rare}` },
    { path: 'payload.note', test: 'contains', operand: `denied ${rare.slice(0, 4)}` },
    { path: 'labels.node', test: 'suffix', operand: `-spare-${rare.slice(0, 3)}` },
    { path: 'service', test: 'equals', operand: [`svc-${rare}`] },
  ];
  return tellings[pick - 4]!;
}

/** Makes the event meet every one of the conditions. */
function fire(event: Made, conditions: readonly Condition[]): void {
  for (const { path, test, operand } of conditions) {
    const [first, second] = path.split('.') as [string, string | undefined];
    const holder = second === undefined ? event : (event[first] as Record<string, unknown>);
    const key = second ?? first;
    if (test === 'equals') holder[key] = (operand as unknown[])[0];
    else if (test === 'above') holder[key] = Number(operand) + 1;
    else if (test === 'prefix') holder[key] = `${String(operand)}7`;
    else if (test === 'suffix') holder[key] = `node-1${String(operand)}`;
    else if (test === 'contains') holder[key] = `it was ${String(operand)} again`;
    else holder[key] ??= '/none';
  }
}
