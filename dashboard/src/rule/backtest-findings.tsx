import type { OperationResult } from '#shared/api/routes.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { prettyJson } from '#dashboard/shell/format.ts';
import { When } from '#dashboard/shell/time.tsx';

import { HoursChart } from './hours-chart.tsx';
import { Why } from './verdict.tsx';

type Result = NonNullable<OperationResult<'backtests.get'>['result']>;

/** What the rule would have found. */
export function BacktestFindings({ result }: { result: Result }) {
  return (
    <>
      <Figures result={result} />
      <HoursChart hours={result.hours} />
      <Alerts result={result} />
      {result.overlap.length > 0 && <Overlap overlap={result.overlap} />}
      {result.examples.length > 0 && <Examples examples={result.examples} />}
    </>
  );
}

function Figures({ result }: { result: Result }) {
  const { events, matches, alerts_total, run_seconds, truncated, warming } = result;
  const doubts = [
    [result.refused, 'records could not be read'],
    [result.duplicates, 'duplicates were left out'],
    [result.rule_faults, 'times the rule broke'],
    [result.faulty_objects.total, 'archive objects could not be read whole'],
    [warming, 'alerts held back: their series was too new'],
  ] as const;
  return (
    <>
      <dl className="figures">
        {(
          [
            ['Events', events],
            ['Matches', matches],
            ['Alerts', alerts_total],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value.toLocaleString('en')}</dd>
          </div>
        ))}
        <div>
          <dt>Took</dt>
          <dd>{run_seconds.toFixed(1)} s</dd>
        </div>
      </dl>
      {truncated && (
        <p className="is-bad">
          It ended at <When at={truncated.until} />, before the period did: the limit of{' '}
          {truncated.reason} was reached.
        </p>
      )}
      {doubts.map(([count, words]) =>
        count > 0 ? (
          <p key={words} className="muted">
            {count.toLocaleString('en')} {words}.
          </p>
        ) : null,
      )}
    </>
  );
}

function Alerts({ result: { alerts, alerts_total } }: { result: Result }) {
  if (alerts_total === 0) return <p className="rule-note">No alert would have opened.</p>;
  return (
    <>
      <h3>Alerts that would have opened</h3>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Alerts by first event">
        <table className="table">
          <caption className="hidden">Alerts by first event</caption>
          <thead>
            <tr>
              <th scope="col">Opened</th>
              <th scope="col">Severity</th>
              <th scope="col">Alert</th>
              <th scope="col" className="cell-count">
                Times
              </th>
            </tr>
          </thead>
          <tbody>
            {alerts.map(({ alert_id, opened_at, severity, title, summary, count }) => (
              <tr key={alert_id}>
                <td>
                  <When at={opened_at} />
                </td>
                <td>
                  <SeverityBadge severity={severity} />
                </td>
                <td className="wide-cell">
                  <bdi>{title}</bdi>
                  <p className="muted">
                    <bdi>{summary}</bdi>
                  </p>
                </td>
                <td className="cell-count">{count.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {alerts.length < alerts_total && (
        <p className="muted">
          The first {alerts.length} of {alerts_total.toLocaleString('en')}.
        </p>
      )}
    </>
  );
}

function Overlap({ overlap }: { overlap: Result['overlap'] }) {
  return (
    <details>
      <summary>Rules that see the same events ({overlap.length})</summary>
      <ul>
        {overlap.map(({ rule_id, name, shared_events, alerts }) => (
          <li key={rule_id}>
            <bdi>{name}</bdi>{' '}
            <span className="muted">
              {shared_events.toLocaleString('en')} events in {alerts} alerts
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Examples({ examples }: { examples: Result['examples'] }) {
  return (
    <details>
      <summary>First events that matched ({examples.length})</summary>
      {examples.map(({ event, explanation }) => (
        <div key={event.event_id} className="verdict-group">
          <p>
            <When at={event.timestamp} /> <bdi>{event.type}</bdi>{' '}
            <span className="muted">
              <bdi>{event.source}</bdi>: <bdi>{explanation.summary}</bdi>
            </span>
          </p>
          <pre dir="ltr" tabIndex={0} aria-label={`Payload of ${event.event_id}`}>
            <bdi>{prettyJson(event.payload_json)}</bdi>
          </pre>
          <Why explanation={explanation} />
        </div>
      ))}
    </details>
  );
}
