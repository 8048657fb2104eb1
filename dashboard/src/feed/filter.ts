import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';
import type { FeedEvent } from '#shared/live/schema.ts';

/** Which events of the feed are shown; an empty criterion asks for all. Its home is the URL. */
export interface FeedFilter {
  severities: readonly Severity[];
  service: string;
  q: string;
}

export function readFeedFilter(search: string): FeedFilter {
  const query = new URLSearchParams(search);
  const given = new Set((query.get('severity') ?? '').split(','));
  return {
    severities: SEVERITIES.filter((severity) => given.has(severity)),
    service: query.get('service') ?? '',
    q: query.get('q') ?? '',
  };
}

export function writeFeedFilter({ severities, service, q }: FeedFilter): string {
  const query = new URLSearchParams();
  if (severities.length > 0) query.set('severity', severities.join());
  if (service !== '') query.set('service', service);
  if (q !== '') query.set('q', q);
  return query.toString().replaceAll('%2C', ',');
}

export function isShown(event: FeedEvent, filter: FeedFilter): boolean {
  if (filter.severities.length > 0 && !filter.severities.includes(event.severity)) return false;
  if (filter.service !== '' && event.service !== filter.service) return false;
  const needle = filter.q.trim().toLowerCase();
  return (
    needle === '' ||
    [event.type, event.source, event.service, event.event_id].some((text) =>
      text?.toLowerCase().includes(needle),
    )
  );
}
