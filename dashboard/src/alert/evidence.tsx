import type { Alert, Evidence } from '#shared/alert/schema.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { prettyJson } from '#dashboard/shell/format.ts';
import { When } from '#dashboard/shell/time.tsx';

/** The first and the last events, each once, with what they carried. */
export function EvidencePanel({ alert }: { alert: Alert }) {
  const { first, last } = alert.evidence;
  const known = new Set(first.map(({ event_id }) => event_id));
  const later = last.filter(({ event_id }) => !known.has(event_id));
  const between = alert.count - first.length - later.length;
  return (
    <section className="panel" aria-labelledby="evidence-title">
      <h2 id="evidence-title">
        Evidence{' '}
        <span className="muted">
          {alert.count === 1 ? '1 event' : `${alert.count.toLocaleString('en')} events`}
        </span>
      </h2>
      <ol className="evidence">
        {first.map((event, index) => (
          <EvidenceItem key={event.event_id} event={event} isOpen={index === 0} />
        ))}
        {between > 0 && (
          <li className="evidence-gap">… {between.toLocaleString('en')} more between</li>
        )}
        {later.map((event) => (
          <EvidenceItem key={event.event_id} event={event} isOpen={false} />
        ))}
      </ol>
    </section>
  );
}

function EvidenceItem({ event, isOpen }: { event: Evidence; isOpen: boolean }) {
  return (
    <li>
      <details open={isOpen}>
        <summary>
          <When at={event.timestamp} />
          <SeverityBadge severity={event.severity} />
          <bdi className="evidence-type">{event.type}</bdi>
          <bdi className="muted">{event.source}</bdi>
          {event.clock_skewed && (
            <span
              className="muted"
              title="Its producer’s time was too far off; this is when it arrived or the nearest time allowed."
            >
              clock off
            </span>
          )}
        </summary>
        <pre dir="ltr" tabIndex={0} aria-label={`Payload of ${event.event_id}`}>
          <bdi>{prettyJson(event.payload_json)}</bdi>
        </pre>
      </details>
    </li>
  );
}
