import { type Chance, seededChance } from '#infra/simulator/random.ts';

/** One condition of a bench rule, in no engine's own language. `path` has one or two segments. */
export interface Condition {
  path: string;
  test: 'equals' | 'above' | 'prefix' | 'suffix' | 'contains' | 'exists' | 'none-of' | 'cidr';
  operand: unknown;
}

/** All of `all` must hold and, where `any` is given, one of `any`. */
export interface BenchRule {
  id: string;
  all: Condition[];
  any?: Condition[];
}

const TYPES = (
  'auth.login auth.logout auth.token http.request http.error db.query db.slow payment.charge ' +
  'payment.refund deploy.start deploy.end file.read file.write process.start net.flow dns.query ' +
  'metric.cpu metric.disk queue.depth job.run'
).split(' ');
const SERVICES = Array.from({ length: 200 }, (_, at) => `service-${at.toString(36)}-api`);
const MEASURES = ['latency_ms', 'value_percent', 'attempts', 'bytes_out', 'depth'];
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];
const MATCHING = 0.01;

/** Seeded rules and events: one event in a hundred is made to fire one of the rules, the others fire none. */
export function ruleWorkload(seed: number, ruleCount: number) {
  const chance = seededChance(seed * 7_919 + ruleCount);
  const rules = Array.from({ length: ruleCount }, (_, at) => makeRule(chance, `rule-${at}`));
  return {
    rules,
    /** `count` events as JSON texts of about 600 bytes. */
    events: (count: number) =>
      Array.from({ length: count }, (_, at) => {
        const event = makeEvent(chance);
        if (chance.next() < MATCHING || at === 0) fire(event, chance.pick(rules), chance);
        return JSON.stringify(event);
      }),
  };
}

type Made = Record<string, unknown> & Record<'payload' | 'labels', Record<string, unknown>>;

function id(chance: Chance): string {
  return Math.floor(chance.next() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
}

function makeEvent(chance: Chance): Made {
  const at = Math.floor(chance.next() * TYPES.length);
  const byte = () => Math.floor(chance.between(1, 255));
  return {
    event_id: `${id(chance)}-${id(chance)}`,
    timestamp: new Date(1.8e12 + Math.floor(chance.next() * 1e9)).toISOString(),
    schema_version: '1',
    source: 'bench',
    type: TYPES[at]!,
    service: chance.pick(SERVICES),
    severity: chance.pick(['INFO', 'INFO', 'INFO', 'WARNING', 'ERROR']),
    payload: {
      host: `ip-10-${byte()}-${byte()}.internal`,
      client_ip: `10.${byte()}.${byte()}.${byte()}`,
      user: `user-${Math.floor(chance.between(0, 5_000))}`,
      path: `/v1/orders/${id(chance)}/items`,
      [MEASURES[at % MEASURES.length]!]: Math.floor(chance.between(1, 90)),
      message: `request ${id(chance)} took the usual way through pool ${byte()} and came back`,
      status: chance.pick([200, 200, 204, 302, 404]),
    },
    labels: {
      region: chance.pick(REGIONS),
      zone: chance.pick(['a', 'b', 'c']),
      team: chance.pick(['platform', 'storefront', 'finance', 'data']),
      trace_id: `${id(chance)}${id(chance)}`,
      instance: `i-${id(chance)}`,
      deployment: `deploy-${id(chance)}`,
      version: `1.${byte()}.0`,
    },
  };
}

function makeRule(chance: Chance, ruleId: string): BenchRule {
  const at = Math.floor(chance.next() * TYPES.length);
  const type: Condition = { path: 'type', test: 'equals', operand: [TYPES[at]!] };
  const service: Condition = { path: 'service', test: 'equals', operand: [chance.pick(SERVICES)] };
  const scope = chance.next();
  // Most rules watch one type of one service, some any service, some (indicators) any event.
  const all = scope < 0.8 ? [type, service] : scope < 0.92 ? [type] : [];
  const telling = makeTelling(chance, `payload.${MEASURES[at % MEASURES.length]!}`);
  const kind = chance.next();
  if (scope < 0.92 && kind < 0.1)
    return { id: ruleId, all, any: [telling, makeTelling(chance, 'payload.attempts')] };
  if (kind < 0.2)
    all.push({ path: 'payload.user', test: 'none-of', operand: ['deployer', 'backup'] });
  return { id: ruleId, all: [...all, telling] };
}

/** The condition ordinary events do not meet. */
function makeTelling(chance: Chance, measure: string): Condition {
  const mark = id(chance).slice(0, 6);
  const byte = () => Math.floor(chance.between(0, 256));
  switch (Math.floor(chance.next() * 7)) {
    case 0:
      return { path: 'payload.path', test: 'prefix', operand: `/admin/${mark}` };
    case 1:
      return { path: 'payload.host', test: 'suffix', operand: `.${mark}.example` };
    case 2:
      return { path: 'payload.message', test: 'contains', operand: `failed in ${mark}` };
    case 3:
      return { path: `payload.flag_${mark.slice(0, 2)}`, test: 'exists', operand: true };
    case 4:
      return {
        path: 'payload.client_ip',
        test: 'cidr',
        operand: `198.${byte()}.${byte()}.0/24`,
      };
    default:
      return { path: measure, test: 'above', operand: Math.floor(chance.between(91, 1_000)) };
  }
}

/** Makes the event meet every condition of the rule. */
function fire(event: Made, rule: BenchRule, chance: Chance): void {
  for (const { path, test, operand } of [...rule.all, ...(rule.any ?? []).slice(0, 1)]) {
    const [first, second] = path.split('.') as [string, string | undefined];
    const holder = second === undefined ? event : (event[first] as Record<string, unknown>);
    const text = String(operand);
    const value = {
      equals: text,
      above: Number(operand) + 1,
      prefix: `${text}/${id(chance)}`,
      suffix: `db-${id(chance).slice(0, 4)}${text}`,
      contains: `request ${id(chance)} ${text} and gave up after a while`,
      exists: true,
      'none-of': `user-${id(chance)}`,
      cidr: text.replace('0/24', String(Math.floor(chance.between(1, 255)))),
    }[test];
    holder[second ?? first] = value;
  }
}
