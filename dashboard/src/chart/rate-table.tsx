import type { RateHistory } from './rate-history.ts';
import { summariseRates } from './summarise.ts';

const STRETCHES = 10;

/** The chart in numbers. */
export function RateTable({ history, spanSeconds }: { history: RateHistory; spanSeconds: number }) {
  const now = Math.floor(Date.now() / 1000);
  const rows = summariseRates(history.columns(), now, spanSeconds, STRETCHES);
  return (
    <div className="tile-scroll" tabIndex={0} role="region" aria-label="Rates in numbers">
      <table className="table tile-table">
        <caption className="hidden">Events and matches per second, newest first</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="cell-count">
              Events/s
            </th>
            <th scope="col" className="cell-count">
              Most
            </th>
            <th scope="col" className="cell-count">
              Matches/s
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, events, eventsMost, matches }) => (
            <tr key={from}>
              <td className="numeric">{new Date(from * 1_000).toLocaleTimeString('en-GB')}</td>
              <td className="cell-count">{events === null ? '—' : events.toFixed(1)}</td>
              <td className="cell-count">{eventsMost ?? '—'}</td>
              <td className="cell-count">{matches === null ? '—' : matches.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
