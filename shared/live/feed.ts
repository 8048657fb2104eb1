import type { Clock } from '#shared/kernel/context.ts';

import { fanOut, type FanOutReport } from './fan-out.ts';
import { feedMessage } from './message.ts';
import type { LivePorts } from './publish.ts';
import type { FeedFrame } from './schema.ts';
import { feedFor } from './select.ts';

const EVENTS_MAX = 40;
const SERVICES_MAX = 100;

/** Several frames as one: exact counts, the newest events. `rate` is that of all over their common span. */
function mergeFeed(frames: readonly FeedFrame[]): FeedFrame {
  const sorted = [...frames].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const total = sorted.reduce((sum, frame) => sum + frame.total, 0);
  const events = sorted.flatMap((frame) => frame.events).slice(-EVENTS_MAX);
  const services = new Map<string, { total: number; errors: number }>();
  for (const frame of sorted)
    for (const [name, counts] of Object.entries(frame.per_service)) {
      const sum = services.get(name) ?? { total: 0, errors: 0 };
      services.set(name, { total: sum.total + counts.total, errors: sum.errors + counts.errors });
    }
  const last = sorted.at(-1)!;
  const spanSeconds = (Date.parse(last.at) - Date.parse(sorted[0]!.at)) / 1000;
  return {
    at: last.at,
    events,
    total,
    ...(frames.some(({ matches }) => matches !== undefined) && {
      matches: frames.reduce((sum, { matches = 0 }) => sum + matches, 0),
    }),
    dropped: total - events.length,
    rate: total / Math.max(spanSeconds, 1),
    per_service: Object.fromEntries([...services].slice(0, SERVICES_MAX)),
  };
}

/** Pushes what the stream just carried to everybody who watches the feed; lost is lost. */
export async function publishFeed(
  tenant: string,
  frames: readonly FeedFrame[],
  clock: Clock,
  ports: LivePorts,
): Promise<FanOutReport> {
  const merged = mergeFeed(frames);
  const now = clock.now();
  const connections = await ports.audience.recent(tenant, now, () =>
    ports.store.listConnections(tenant, now),
  );
  const report = await fanOut(
    'feed',
    connections,
    (subscription) =>
      subscription.topic === 'feed' ? [feedMessage(feedFor(subscription.filter, merged))] : [],
    now,
    ports,
  );
  ports.audience.forget(tenant, report.ended);
  return report;
}
