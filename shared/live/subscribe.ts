import { requireScope } from '#shared/access/scope.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LiveStore, TopicHead } from '#shared/ports/live-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { SNAPSHOT_ITEMS_MAX } from './limits.ts';
import { alertLine } from './line.ts';
import type { FrameItem, Position, RecoverableTopic, Subscription } from './schema.ts';
import { alertFilterOf, itemsFor } from './select.ts';
import { TOPIC_SCOPES } from './topic-scope.ts';

/** A viewer further behind takes a new snapshot. */
const REPLAY_FRAMES_MAX = 200;
const PAGE = 100;
/** The list is read from an index that may lag behind these frames before the head: their alerts are read again. */
const OVERLAP_FRAMES = 25;

export interface Subscribed {
  topic: Subscription['topic'];
  mode: 'snapshot' | 'replay';
  items: FrameItem[];
  position?: Position;
  truncated: boolean;
}

/**
 * Subscribes a connection and brings its viewer up to date. The order is the guarantee: the
 * subscription's row first, then the topic's head, then the rows. Frames after the head are pushed, and
 * what the rows already held of them merges away by revision. Throws `forbidden`, and `not_found` when
 * the connection is gone.
 */
export async function subscribe(
  connectionId: string,
  subscription: Subscription,
  since: Position | undefined,
  context: Context,
  ports: { live: LiveStore; work: WorkStore },
): Promise<Subscribed> {
  const { topic } = subscription;
  requireScope(context, TOPIC_SCOPES[topic]);
  if (!(await ports.live.putSubscription(connectionId, subscription)))
    throw new SentryError('not_found', 'This connection is closed.');
  if (topic === 'feed') return { topic, mode: 'snapshot', items: [], truncated: false };
  const head = await ports.live.joinTopic(context.tenant, topic, context.newId());
  const position = { epoch: head.epoch, offset: head.offset };
  const missed = since && (await framesSince(topic, since, head, context, ports.live));
  if (missed) {
    const items = itemsFor(subscription, missed);
    return { topic, mode: 'replay', items, position, truncated: false };
  }
  if (topic !== 'alerts') return { topic, mode: 'snapshot', items: [], position, truncated: false };
  const { alerts, truncated } = await newestAlerts(subscription, context, ports.work);
  const fresh = await recentlyTold(position, context, ports);
  const told = new Set(fresh.map(({ alert_id }) => alert_id));
  const lines = [...alerts.filter(({ alert_id }) => !told.has(alert_id)), ...fresh].map(alertLine);
  const items = itemsFor(subscription, lines).filter((item) => !('gone' in item));
  return { topic, mode: 'snapshot', items, position, truncated };
}

/**
 * The alerts of the last frames before the head, strongly consistent. The frames say only which: they
 * may repeat an old revision.
 */
async function recentlyTold(
  position: Position,
  context: Context,
  ports: { live: LiveStore; work: WorkStore },
): Promise<Alert[]> {
  const after = { ...position, offset: Math.max(0, position.offset - OVERLAP_FRAMES) };
  const { tenant } = context;
  const frames = await ports.live.readFrames(
    tenant,
    'alerts',
    after,
    OVERLAP_FRAMES,
    context.now(),
  );
  const items = frames.flatMap((frame) => frame.items.map((text) => JSON.parse(text) as FrameItem));
  const ids = new Set(items.flatMap((item) => ('alert_id' in item ? [item.alert_id] : [])));
  const found = await ports.work.getAlerts(tenant, [...ids]);
  return found.filter((alert) => alert !== undefined);
}

/** The items after `since` up to the head, or undefined when they are not all kept any more. */
async function framesSince(
  topic: RecoverableTopic,
  since: Position,
  head: TopicHead,
  context: Context,
  live: LiveStore,
): Promise<FrameItem[] | undefined> {
  const count = head.offset - since.offset;
  if (since.epoch !== head.epoch || count < 0 || count > REPLAY_FRAMES_MAX) return undefined;
  if (count === 0) return [];
  const frames = await live.readFrames(context.tenant, topic, since, count, context.now());
  if (frames.length !== count) return undefined;
  return frames.flatMap(({ items }) => items.map((text) => JSON.parse(text) as FrameItem));
}

/** Active alerts first, then resolved ones, each newest first, until the snapshot is full. */
async function newestAlerts(
  subscription: Extract<Subscription, { topic: 'alerts' }>,
  context: Context,
  work: WorkStore,
): Promise<{ alerts: Alert[]; truncated: boolean }> {
  const asked = subscription.filter.state ?? ['OPEN', 'ACK', 'RESOLVED'];
  const turns = [
    asked.filter((state) => state !== 'RESOLVED'),
    asked.filter((state) => state === 'RESOLVED'),
  ].filter((states) => states.length > 0);
  const alerts: Alert[] = [];
  for (const states of turns) {
    const filter = { ...alertFilterOf(subscription.filter), states };
    let cursor: string | undefined;
    do {
      const limit = Math.min(PAGE, SNAPSHOT_ITEMS_MAX - alerts.length);
      if (limit === 0) return { alerts, truncated: true };
      const page = await work.listAlerts(context.tenant, filter, {
        limit,
        ...(cursor !== undefined && { cursor }),
      });
      alerts.push(...page.items);
      ({ cursor } = page);
    } while (cursor !== undefined);
  }
  return { alerts, truncated: false };
}
