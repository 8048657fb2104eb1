import type { Chance } from './random.ts';

/** A native event as a producer writes it; the time is put on when it is sent. */
export interface SimulatedEvent {
  source: string;
  type: string;
  service: string;
  severity?: string;
  category?: string;
  payload: Record<string, unknown>;
}

/** The six services of the demo, and the routes each answers. */
export const SERVICES = {
  web: ['GET /', 'GET /product/{id}', 'GET /search'],
  checkout: ['POST /cart', 'POST /checkout'],
  payments: ['POST /charge', 'POST /refund'],
  inventory: ['GET /stock/{id}', 'PUT /stock/{id}'],
  identity: ['POST /login', 'POST /token'],
  analytics: ['GET /report', 'POST /query'],
} as const;
export type DemoService = keyof typeof SERVICES;
const NAMES = Object.keys(SERVICES) as DemoService[];

const USERS = ['amara', 'bjorn', 'chen', 'dalia', 'emil', 'fatou', 'goran', 'hana'];

/** One ordinary event: mostly requests, some metrics, a login now and then. Nothing here fires a rule. */
export function ordinaryEvent(chance: Chance): SimulatedEvent {
  const roll = chance.next();
  if (roll < 0.62) return request(chance, chance.pick(NAMES));
  if (roll < 0.9) return metric(chance, chance.pick(NAMES));
  if (roll < 0.97) return login(chance);
  return access(chance);
}

export function request(chance: Chance, service: DemoService): SimulatedEvent {
  const failed = chance.next() < 0.002;
  return {
    source: `demo.${service}`,
    type: 'http.request',
    service,
    severity: failed ? 'ERROR' : 'INFO',
    category: 'operational',
    payload: {
      route: chance.pick(SERVICES[service]),
      status: failed ? 502 : chance.next() < 0.03 ? 404 : 200,
      latency_ms: Math.round(20 + 180 * chance.next() ** 3),
    },
  };
}

function metric(chance: Chance, service: DemoService): SimulatedEvent {
  const host = `${service}-${1 + Math.floor(chance.next() * 3)}`;
  const kind = chance.pick(['cpu', 'memory', 'disk'] as const);
  const value = { cpu: [15, 60], memory: [35, 70], disk: [30, 62] }[kind] as [number, number];
  return {
    source: `demo.${service}`,
    type: `metric.${kind}`,
    service,
    severity: 'INFO',
    category: 'operational',
    payload: {
      host,
      ...(kind === 'disk' && { mount: '/var' }),
      value_percent: Math.round(chance.between(...value) * 10) / 10,
    },
  };
}

function login(chance: Chance): SimulatedEvent {
  return {
    source: 'demo.identity',
    type: 'auth.login',
    service: 'identity',
    severity: 'INFO',
    category: 'authentication',
    payload: {
      user: chance.pick(USERS),
      outcome: 'success',
      ip: `198.51.100.${Math.floor(chance.between(1, 250))}`,
    },
  };
}

function access(chance: Chance): SimulatedEvent {
  return {
    source: 'demo.analytics',
    type: 'data.access',
    service: 'analytics',
    severity: 'INFO',
    category: 'data_access',
    payload: {
      user: chance.pick(USERS),
      table: chance.pick(['orders', 'products', 'visits']),
      rows: Math.round(chance.between(1, 200)),
      sensitive: false,
      off_hours: false,
    },
  };
}
