import { useMemo, useSyncExternalStore } from 'react';
import { Link } from 'wouter';

import type { Severity } from '#shared/kernel/severity.ts';

import { useAlertCounts } from '#dashboard/alert/use-alert.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityShape, severityWord } from '#dashboard/shell/badge.tsx';
import { Empty, Loading } from '#dashboard/shell/notice.tsx';

import { listPath } from './list-path.ts';
import { COLUMNS, countMatrix, type MatrixRow } from './count-matrix.ts';
import { OverviewPanel } from './panel.tsx';

/** Active alerts, severity by service; every number leads to the alerts it counts. */
export function SummaryPanel() {
  const { alerts } = useApp();
  const all = useSyncExternalStore(alerts.subscribe, alerts.all);
  const counts = useAlertCounts();
  const rows = useMemo(() => countMatrix(all), [all]);
  return (
    <OverviewPanel
      name="summary"
      title="Alert summary"
      help={
        <p>
          Alerts that are open or acknowledged, by service and severity, counted from the very rows
          the list of alerts shows. Each number, each service and each severity leads to its alerts.
        </p>
      }
      note={
        <>
          <b>{counts.open}</b> open, <b>{counts.acknowledged}</b> ack
        </>
      }
    >
      {!alerts.isLoaded() ? (
        <Loading what="alerts" />
      ) : rows.length === 0 ? (
        <Empty title="All quiet. No alert is open." />
      ) : (
        <Matrix rows={rows} severity={counts.severity} />
      )}
    </OverviewPanel>
  );
}

function Matrix({
  rows,
  severity: totals,
}: {
  rows: readonly MatrixRow[];
  severity: Readonly<Record<Severity, number>>;
}) {
  return (
    <div className="tile-scroll" tabIndex={0} role="region" aria-label="Alerts in numbers">
      <table className="table tile-table matrix">
        <caption className="hidden">Active alerts by service and severity</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            {COLUMNS.map((severity) => (
              <th key={severity} scope="col">
                <Link
                  href={listPath({ severity })}
                  className={`matrix-head severity severity-${severity}`}
                >
                  <SeverityShape severity={severity} />
                  {severityWord(severity)}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ service, counts }) => (
            <tr key={service}>
              <th scope="row">
                <Link href={listPath({ service })} className="matrix-service">
                  <bdi>{service}</bdi>
                </Link>
              </th>
              {COLUMNS.map((severity) => (
                <td key={severity}>
                  <Cell service={service} severity={severity} count={counts[severity]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            {COLUMNS.map((severity) => (
              <td key={severity}>
                {totals[severity] === 0 ? (
                  <span className="muted">0</span>
                ) : (
                  <Link href={listPath({ severity })} className="matrix-total">
                    {totals[severity].toLocaleString('en')}
                    <span className="hidden"> {severityWord(severity)} alerts</span>
                  </Link>
                )}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Cell({
  service,
  severity,
  count,
}: {
  service: string;
  severity: Severity;
  count: number;
}) {
  if (count === 0) return <span className="matrix-none">0</span>;
  return (
    <Link
      href={listPath({ service, severity })}
      className={`matrix-cell heat-${severity}`}
      aria-label={`${count} ${severityWord(severity)} of ${service}`}
    >
      {count.toLocaleString('en')}
    </Link>
  );
}
