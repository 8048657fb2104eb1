import type { Clock } from '#shared/kernel/context.ts';
import { publishFeed } from '#shared/live/feed.ts';
import { type LivePorts, publishItems } from '#shared/live/publish.ts';
import { type AlertLine, type FrameItem, RECOVERABLE_TOPICS } from '#shared/live/schema.ts';

import type { Pace } from './pace.ts';
import { readBatch, type StreamEvent, type TenantNews } from './read-batch.ts';

/** What the function needs from outside. */
export interface BroadcastPorts extends LivePorts, Clock {
  pace: Pace;
  warn(what: string, detail: Record<string, unknown>): void;
  count(name: 'sent' | 'lost' | 'ended', count: number): void;
}

export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * One stream batch → at most one run of frames per tenant and topic, and one feed push per tenant.
 * What was announced is told at once; mere occurrences and the feed keep the pace.
 * When the store fails the whole batch comes again: viewers merge by revision, so twice is once.
 */
export async function broadcast(event: StreamEvent, ports: BroadcastPorts): Promise<BatchResponse> {
  const news = readBatch(event, (what, detail) => ports.warn(what, detail));
  if (![...news.values()].some(({ urgent }) => urgent)) await ports.pace.wait();
  try {
    for (const [tenant, told] of news) await tell(tenant, told, ports);
    return { batchItemFailures: [] };
  } catch (error) {
    ports.warn('broadcast failed', { error });
    const first = event.Records[0]?.dynamodb?.SequenceNumber;
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  }
}

async function tell(tenant: string, news: TenantNews, ports: BroadcastPorts): Promise<void> {
  for (const topic of RECOVERABLE_TOPICS) {
    const fresh = news.items[topic].filter((item) => !isTold(tenant, item, ports));
    if (fresh.length === 0) continue;
    const report = await publishItems(tenant, topic, fresh, ports, ports);
    for (const item of fresh) if (isLine(item)) ports.audience.told(tenant, item);
    count(report, ports);
  }
  if (news.feed.length > 0) count(await publishFeed(tenant, news.feed, ports, ports), ports);
}

function count(
  report: { sent: number; lost: number; ended: readonly string[] },
  ports: BroadcastPorts,
): void {
  ports.count('sent', report.sent);
  ports.count('lost', report.lost);
  ports.count('ended', report.ended.length);
}

/** An alert's commit reaches us by the journal and by its touch row: the second time is old news. */
function isTold(tenant: string, item: FrameItem, { audience }: BroadcastPorts): boolean {
  return isLine(item) && audience.toldRevision(tenant, item.alert_id) >= item.revision;
}

function isLine(item: FrameItem): item is AlertLine {
  return 'group_key' in item;
}
