import { Link, useLocation, useSearch } from 'wouter';

import type { OperationResult } from '#shared/api/routes.ts';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { CopyButton } from '#dashboard/shell/copy-button.tsx';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { timelineMarkdown } from './timeline-text.ts';

type Page = OperationResult<'incidents.timeline'>;

/** Letters of an id that the timeline shows. */
const SHORT = 8;

/** Who did what when, of the incident and all its alerts, with what each line is about. */
export function IncidentTimeline({ title, timeline }: { title: string; timeline: Resource<Page> }) {
  const { value, error, reload } = timeline;
  const search = useSearch();
  const [path, navigate] = useLocation();
  const chosen = new URLSearchParams(search).get('alert') ?? '';
  const all = value?.items ?? [];
  const alertIds = [...new Set([chosen, ...all.map(({ alert_id }) => alert_id ?? '')])].filter(
    Boolean,
  );
  const entries = chosen === '' ? all : all.filter(({ alert_id }) => alert_id === chosen);
  return (
    <Panel
      title="Timeline"
      actions={
        <>
          <label className="field">
            <span className="hidden">Alert</span>
            <select
              value={chosen}
              onChange={({ target }) =>
                navigate(target.value ? `${path}?alert=${target.value}` : path, { replace: true })
              }
            >
              <option value="">All alerts</option>
              {alertIds.map((id) => (
                <option key={id} value={id}>
                  Alert {id.slice(0, SHORT)}
                </option>
              ))}
            </select>
          </label>
          <CopyButton text={timelineMarkdown(title, entries)} label="Copy as Markdown" />
        </>
      }
    >
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
              {entries.map((entry) => (
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
    </Panel>
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
