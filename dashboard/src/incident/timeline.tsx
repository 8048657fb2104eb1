import { Link } from 'wouter';

import type { OperationResult } from '#shared/api/routes.ts';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { When } from '#dashboard/shell/time.tsx';

type Page = OperationResult<'incidents.timeline'>;

/** Letters of an id that the timeline shows. */
const SHORT = 8;

/** Who did what when, of the incident and all its alerts, with what each line is about. */
export function IncidentTimeline({ timeline }: { timeline: Resource<Page> }) {
  const { value, error, reload } = timeline;
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      {!value && error && <Failed what="The timeline" message={error.message} retry={reload} />}
      {!value && !error && <Loading what="the timeline" />}
      {value && (
        <div className="table-scroll">
          <table role="table" className="table timeline card-table">
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader" scope="col">
                  Timestamp
                </th>
                <th role="columnheader" scope="col">
                  Actor
                </th>
                <th role="columnheader" scope="col">
                  Entry
                </th>
                <th role="columnheader" scope="col">
                  About
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {value.items.map((entry) => (
                <tr role="row" key={entry.timeline_id}>
                  <td role="cell" className="numeric">
                    <When at={entry.timestamp} />
                  </td>
                  <td role="cell">
                    <bdi>{entry.actor}</bdi>
                  </td>
                  <td role="cell" className="cell-text">
                    <bdi>{entry.entry}</bdi>
                  </td>
                  <td role="cell">
                    <About entry={entry} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {value?.cursor && <p className="muted">Only the first 100 entries are shown here.</p>}
    </section>
  );
}

function About({ entry }: { entry: Page['items'][number] }) {
  const { alert_id, event_id, message_id, delivery_key } = entry;
  return (
    <span className="about">
      {alert_id !== undefined && (
        <Link href={`/alerts/${alert_id}`}>alert {alert_id.slice(0, SHORT)}</Link>
      )}
      {event_id !== undefined && (
        <bdi className="muted" title={event_id}>
          event {event_id.slice(0, SHORT)}
        </bdi>
      )}
      {message_id !== undefined && (
        <bdi className="muted" title={delivery_key}>
          message {message_id}
        </bdi>
      )}
    </span>
  );
}
