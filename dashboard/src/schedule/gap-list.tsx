import { ageWords } from '#dashboard/shell/format.ts';

import { wallWords } from './zone.ts';

interface Props {
  gaps: readonly { from: string; to: string }[];
  zone: string;
}

const SHOWN_MAX = 8;

/** When nobody is on call within the next 60 days. */
export function GapList({ gaps, zone }: Props) {
  return (
    <section className="panel" aria-labelledby="gaps-title">
      <h2 id="gaps-title">
        Gaps <span className="muted">in the next 60 days</span>
      </h2>
      {gaps.length === 0 ? (
        <p>None: somebody is on call at every moment.</p>
      ) : (
        <>
          <p className="is-bad">
            <strong>
              {gaps.length === 1 ? 'Once' : `${gaps.length} times`} nobody is on call.
            </strong>
          </p>
          <p className="muted">A step that tells this schedule then goes to the next at once.</p>
          <ul className="gaps">
            {gaps.slice(0, SHOWN_MAX).map(({ from, to }) => (
              <li key={from}>
                {wallWords(from, zone)} – {wallWords(to, zone)}{' '}
                <span className="muted">{ageWords(Date.parse(to) - Date.parse(from))}</span>
              </li>
            ))}
            {gaps.length > SHOWN_MAX && (
              <li className="muted">and {gaps.length - SHOWN_MAX} more</li>
            )}
          </ul>
        </>
      )}
    </section>
  );
}
