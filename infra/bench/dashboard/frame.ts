import type { FeedFrame } from '#shared/live/schema.ts';

const SERVICES = ['web', 'checkout', 'payments', 'inventory', 'identity', 'analytics'];
const TYPES = ['http.request', 'metric.cpu', 'metric.memory', 'auth.login'];
const SEVERITIES = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;

/** A frame of the feed that stands for `total` events and shows the first `shown` of them. */
export function feedFrame(number: number, total: number, shown: number): FeedFrame {
  const at = new Date().toISOString();
  const events = Array.from({ length: shown }, (_, index) => ({
    event_id: `${String(number).padStart(8, '0')}-${index}`,
    timestamp: at,
    source: `bench.${SERVICES[index % SERVICES.length]!}`,
    type: TYPES[(number + index) % TYPES.length]!,
    severity: SEVERITIES[(number + index) % SEVERITIES.length]!,
    service: SERVICES[(number + index) % SERVICES.length]!,
  }));
  const each = Math.floor(total / SERVICES.length);
  return {
    at,
    events,
    total,
    dropped: total - shown,
    matches: Math.floor(total / 10),
    rate: total,
    per_service: Object.fromEntries(
      SERVICES.map((name) => [name, { total: each, errors: Math.floor(each / 50) }]),
    ),
  };
}
