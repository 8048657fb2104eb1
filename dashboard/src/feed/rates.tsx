import type { FeedView } from './store.ts';

const WIDTH = 240;
const HEIGHT = 56;

export function perSecond(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1);
}

/** Events per second now and over the last minute, and how many were counted but not shown. */
export function RatePanel({ view }: { view: FeedView }) {
  const most = Math.max(1, ...view.seconds);
  const width = WIDTH / view.seconds.length;
  return (
    <section className="panel rate-panel" aria-labelledby="rate-title">
      <h2 id="rate-title">Rate</h2>
      <p className="rate">
        <strong>{perSecond(view.rate)}</strong> events/s
      </p>
      <svg
        className="spark"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Events of each of the last 60 seconds, at most ${most}`}
      >
        {view.seconds.map((count, index) => {
          const height = (count / most) * HEIGHT;
          return (
            <rect
              key={index}
              x={index * width}
              y={HEIGHT - height}
              width={width * 0.75}
              height={height}
            />
          );
        })}
      </svg>
      <p className="muted">
        {view.total.toLocaleString('en')} events since the watching began,{' '}
        <span title="Counted and judged by every rule; only not shown in this log.">
          {view.dropped.toLocaleString('en')} not shown
        </span>
      </p>
    </section>
  );
}

/** The busiest services of the last ten seconds. */
export function ServicePanel({ view }: { view: FeedView }) {
  const most = Math.max(1, ...view.services.map(({ perSecond: rate }) => rate));
  return (
    <section className="panel" aria-labelledby="services-title">
      <h2 id="services-title">By service</h2>
      {view.services.length === 0 && <p className="muted">Nothing in the last 10 s.</p>}
      {view.services.length > 0 && (
        <table className="table services">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col" className="only-wide">
                <span className="hidden">Share</span>
              </th>
              <th scope="col" className="cell-count">
                Events/s
              </th>
              <th scope="col" className="cell-count">
                Errors/s
              </th>
            </tr>
          </thead>
          <tbody>
            {view.services.slice(0, 8).map((row) => (
              <tr key={row.service}>
                <td>
                  <bdi>{row.service}</bdi>
                </td>
                <td className="only-wide">
                  <svg
                    className="bar"
                    viewBox="0 0 100 8"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                  >
                    <rect className="bar-all" width={(row.perSecond / most) * 100} height="8" />
                    <rect
                      className="bar-errors"
                      width={(row.errorsPerSecond / most) * 100}
                      height="8"
                    />
                  </svg>
                </td>
                <td className="cell-count">{perSecond(row.perSecond)}</td>
                <td className={`cell-count ${row.errorsPerSecond > 0 ? 'is-bad' : 'muted'}`}>
                  {perSecond(row.errorsPerSecond)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
