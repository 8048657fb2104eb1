import { useEffect, useMemo, useRef, useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { onThemeChange } from '#dashboard/chart/theme-change.ts';
import { makeLanguageValid } from '#dashboard/chart/valid-language.ts';
import { When } from '#dashboard/shell/time.tsx';

import type { HoursPlot } from './hours-plot.ts';

type Hours = NonNullable<OperationResult<'backtests.get'>['result']>['hours'];

/** Matches and alerts of each hour: a chart, and the same as a table. */
export function HoursChart({ hours }: { hours: Hours }) {
  const host = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState<number>();
  const [isFailed, setIsFailed] = useState(false);
  const columns = useMemo(
    () => ({
      at: hours.map(({ hour }) => Date.parse(hour) / 1_000),
      matches: hours.map(({ matches }) => matches),
      alerts: hours.map(({ alerts }) => alerts),
    }),
    [hours],
  );
  useEffect(() => {
    let plot: HoursPlot | undefined;
    let isGone = false;
    const resizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      plot?.resize(Math.floor(width), Math.floor(height));
    });
    const stopTheme = onThemeChange(() => plot?.recolour());
    makeLanguageValid();
    import('./hours-plot.ts')
      .then(({ createHoursPlot }) => {
        if (isGone || !host.current) return;
        plot = createHoursPlot(host.current, columns, setIndex);
        resizes.observe(host.current);
      })
      .catch(() => setIsFailed(true));
    return () => {
      isGone = true;
      stopTheme();
      resizes.disconnect();
      plot?.destroy();
    };
  }, [columns]);
  const pointed = index === undefined ? undefined : hours[index];
  const busy = hours.filter(({ matches, alerts }) => matches > 0 || alerts > 0);
  return (
    <>
      <div className="hours-legend">
        <span className="hours-key hours-matches">Matches by hour</span>
        <span className="hours-key hours-alerts">Alerts</span>
        <span className="muted" aria-hidden="true">
          {pointed && (
            <>
              <When at={pointed.hour} />: {pointed.matches} matches, {pointed.alerts} alerts
            </>
          )}
        </span>
      </div>
      {isFailed ? (
        <p className="muted">The chart could not be fetched; the table has its numbers.</p>
      ) : (
        <div
          ref={host}
          className="hours-canvas"
          role="img"
          aria-label={`Matches by hour over ${hours.length} hours; the table below has the numbers`}
        />
      )}
      <details className="hours-table">
        <summary>As a table</summary>
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Matches by hour">
          <table className="table">
            <caption className="hidden">Hours with matches or alerts</caption>
            <thead>
              <tr>
                <th scope="col">Hour</th>
                <th scope="col" className="cell-count">
                  Matches
                </th>
                <th scope="col" className="cell-count">
                  Alerts
                </th>
              </tr>
            </thead>
            <tbody>
              {busy.map(({ hour, matches, alerts }) => (
                <tr key={hour}>
                  <td>
                    <When at={hour} />
                  </td>
                  <td className="cell-count">{matches.toLocaleString('en')}</td>
                  <td className="cell-count">{alerts.toLocaleString('en')}</td>
                </tr>
              ))}
              {busy.length === 0 && (
                <tr>
                  <td colSpan={3}>No event matched in any of the {hours.length} hours.</td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
