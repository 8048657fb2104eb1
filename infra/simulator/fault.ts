import type { Chance } from './random.ts';
import { type DemoService, SERVICES, type SimulatedEvent } from './traffic.ts';

/** A fault to inject: what it is called, the rule it must trip, and its events in order. */
export interface Fault {
  name: string;
  rule_id: string;
  /** Milliseconds between its events. */
  pace_ms: number;
  events(chance: Chance): SimulatedEvent[];
}

const event = (
  service: DemoService,
  type: string,
  severity: string,
  category: string,
  payload: Record<string, unknown>,
): SimulatedEvent => ({ source: `demo.${service}`, type, service, severity, category, payload });

function times(count: number, make: (at: number) => SimulatedEvent): SimulatedEvent[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** Every fault of the demo; the first comes within seconds, so that a newcomer sees an alert at once. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'brute force on a login',
    rule_id: 'brute-force-login',
    pace_ms: 300,
    events: (chance) => {
      const user = chance.pick(['admin', 'root', 'finance', 'support']);
      return times(7, (at) =>
        event('identity', 'auth.login', 'WARN', 'authentication', {
          user,
          outcome: 'failure',
          ip: `203.0.113.${at + 7}`,
        }),
      );
    },
  },
  {
    name: 'a disk that is full',
    rule_id: 'disk-full',
    pace_ms: 500,
    events: (chance) => {
      const service = chance.pick(['inventory', 'analytics'] as const);
      return times(2, (at) =>
        event(service, 'metric.disk', 'ERROR', 'operational', {
          host: `${service}-db`,
          mount: '/data',
          value_percent: 96.5 + at,
        }),
      );
    },
  },
  {
    name: 'a database that refuses connections',
    rule_id: 'database-failure',
    pace_ms: 400,
    events: () =>
      times(5, () =>
        event('payments', 'db.connection_failed', 'CRITICAL', 'operational', {
          database: 'ledger',
          error: 'connection refused (ECONNREFUSED)',
        }),
      ),
  },
  {
    name: 'slow checkout',
    rule_id: 'latency-high',
    pace_ms: 40,
    events: (chance) =>
      times(120, () =>
        event('checkout', 'http.request', 'WARN', 'operational', {
          route: SERVICES.checkout[1],
          status: 200,
          latency_ms: Math.round(chance.between(2_500, 6_000)),
        }),
      ),
  },
  {
    name: 'a run on sensitive data',
    rule_id: 'data-access-anomaly',
    pace_ms: 150,
    events: () =>
      times(12, (at) =>
        event('analytics', 'data.access', 'WARN', 'data_access', {
          user: 'contractor-7',
          table: 'customers',
          rows: 500 + at,
          sensitive: true,
          off_hours: false,
        }),
      ),
  },
  {
    name: 'a hot CPU',
    rule_id: 'cpu-high',
    pace_ms: 100,
    events: (chance) =>
      times(8, () =>
        event('payments', 'metric.cpu', 'WARN', 'operational', {
          host: 'payments-batch',
          value_percent: Math.round(chance.between(94, 99)),
        }),
      ),
  },
  {
    name: 'memory that runs out',
    rule_id: 'memory-high',
    pace_ms: 100,
    events: (chance) =>
      times(8, () =>
        event('web', 'metric.memory', 'WARN', 'operational', {
          host: 'web-cache',
          value_percent: Math.round(chance.between(93, 98)),
        }),
      ),
  },
  {
    name: 'a burst of server errors',
    rule_id: 'error-rate-high',
    pace_ms: 60,
    events: (chance) =>
      times(30, () =>
        event('inventory', 'http.request', 'ERROR', 'operational', {
          route: chance.pick(SERVICES.inventory),
          status: 503,
          latency_ms: 30,
        }),
      ),
  },
  {
    name: 'roles raised to admin',
    rule_id: 'privilege-escalation',
    pace_ms: 500,
    events: () =>
      times(4, (at) =>
        event('identity', 'iam.role_changed', 'ERROR', 'authorization', {
          user: `temp-${at + 1}`,
          actor: 'deploy-bot',
          role: 'admin',
        }),
      ),
  },
  {
    name: 'a batch job that stops: its alert opens after five minutes without a heartbeat',
    rule_id: 'heartbeat-missing',
    pace_ms: 1_000,
    events: () =>
      times(3, () =>
        event('analytics', 'service.heartbeat', 'INFO', 'operational', { host: 'analytics-batch' }),
      ),
  },
  {
    name: 'sensitive access at night',
    rule_id: 'off-hours-sensitive-access',
    pace_ms: 500,
    events: () => [
      event('analytics', 'data.access', 'WARN', 'data_access', {
        user: 'goran',
        table: 'salaries',
        rows: 42,
        sensitive: true,
        off_hours: true,
      }),
    ],
  },
  {
    name: 'a guessed password',
    rule_id: 'password-guessed',
    pace_ms: 400,
    events: () =>
      times(7, (at) =>
        event('identity', 'auth.login', at < 6 ? 'WARN' : 'INFO', 'authentication', {
          user: 'warehouse',
          outcome: at < 6 ? 'failure' : 'success',
          ip: '203.0.113.77',
        }),
      ),
  },
  {
    name: 'a bulk export among ordinary reads',
    rule_id: 'read-volume-unusual',
    pace_ms: 150,
    events: (chance) =>
      times(26, (at) =>
        event('analytics', 'data.access', 'INFO', 'data_access', {
          user: 'intern-2',
          table: 'orders',
          rows: at < 24 ? Math.round(chance.between(1, 200)) : 40_000 + at,
          sensitive: false,
          off_hours: false,
        }),
      ),
  },
];
