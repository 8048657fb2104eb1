import { matchesFilter } from '#shared/alert/filter.ts';
import type { AlertFilter } from '#shared/ports/work-store.ts';

import type { AlertLine, AlertQuery, FeedFrame, FrameItem, Subscription } from './schema.ts';

/** The words of a query as the store's filter. */
export function alertFilterOf(query: AlertQuery): AlertFilter {
  return {
    ...(query.state && { states: query.state }),
    ...(query.severity && { severities: query.severity }),
    ...(query.service && { services: query.service }),
    ...(query.q !== undefined && { q: query.q }),
  };
}

/**
 * The items a subscription gets of a frame. Alerts of other services are left out: a service never
 * changes. Whatever else a filter asks for may have been true a moment ago, so what it does not
 * select is sent as `gone`.
 */
export function itemsFor(subscription: Subscription, items: readonly FrameItem[]): FrameItem[] {
  if (subscription.topic === 'alerts')
    return items.flatMap((item) => alertItemFor(subscription.filter, item));
  if (subscription.topic === 'deliveries' && subscription.filter.alert_id !== undefined) {
    const { alert_id } = subscription.filter;
    return items.filter((item) => 'alert_id' in item && item.alert_id === alert_id);
  }
  return [...items];
}

function alertItemFor(query: AlertQuery, item: FrameItem): FrameItem[] {
  if (!isLine(item)) return [item];
  if (query.service && !query.service.includes(item.service)) return [];
  if (matchesFilter(item, alertFilterOf(query))) return [item];
  return [{ alert_id: item.alert_id, revision: item.revision, gone: true }];
}

function isLine(item: FrameItem): item is AlertLine {
  return 'group_key' in item;
}

/** The feed frame with the events a subscription selects; counts stay those of the whole stream. */
export function feedFor(
  filter: Extract<Subscription, { topic: 'feed' }>['filter'],
  frame: FeedFrame,
): FeedFrame {
  const events = frame.events.filter(
    (event) =>
      (!filter.severity || filter.severity.includes(event.severity)) &&
      (!filter.service || (event.service !== undefined && filter.service.includes(event.service))),
  );
  return { ...frame, events };
}
