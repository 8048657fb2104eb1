import { Link } from 'wouter';

import type { OperationResult } from '#shared/api/routes.ts';

import { ageWords, timeWords } from '#dashboard/shell/format.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { useSettings } from '#dashboard/settings/settings.ts';

type Result = OperationResult<'escalations.simulate'>;
type Told = Result['steps'][number]['told'][number];
const CONSIDERED = {
  disabled: 'is disabled',
  does_not_match: 'does not match',
  chosen: 'matches: it is the one',
} as const;
const ENDS = {
  no_policy: 'No policy matches, so nobody is told.',
  all_told: 'After that nobody else is told.',
  held_back: 'It stays held back, so nobody is told.',
} as const;

/** Steps on a line of time, and which policies were passed over. */
export function SimulationResult({ result }: { result: Result }) {
  const { clock } = useSettings();
  const start = Date.parse(result.at);
  return (
    <>
      <ol className="told-steps">
        {result.steps.map((step, index) => (
          // Steps of one answer have no id and keep their order.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <p>
              <strong>
                {Date.parse(step.at) === start
                  ? 'At once'
                  : `After ${ageWords(Date.parse(step.at) - start)}`}
              </strong>{' '}
              <time className="muted" dateTime={step.at}>
                {timeWords(step.at, serverNow(), clock)}
              </time>
            </p>
            {step.told.length === 0 && <p>Nobody is told.</p>}
            <ul>
              {step.told.map((one) => (
                <li key={`${one.channel} ${one.destination} ${one.for_user}`}>
                  <ToldLine told={one} />
                </li>
              ))}
            </ul>
            <details>
              <summary className="muted">Why</summary>
              <ul className="trace">
                {step.trace.map((line, at) => (
                  // Lines of one answer have no id and keep their order.
                  // oxlint-disable-next-line react/no-array-index-key
                  <li key={at}>
                    {words(line.step)}: {words(line.outcome)} {line.id && <code>{line.id}</code>}{' '}
                    {line.detail && <bdi>{line.detail}</bdi>}
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ol>
      <p>
        {ENDS[result.ends]}
        {result.acknowledgements_needed > 1 &&
          ` ${result.acknowledgements_needed} people have to acknowledge before it ends.`}
      </p>
      <h3>Policies tried</h3>
      <ol className="step-lines">
        {result.considered.map(({ policy_id, name, version, outcome }) => (
          <li key={policy_id}>
            <Link href={`/policies/${policy_id}`}>
              <bdi>{name}</bdi>
            </Link>{' '}
            <span className="muted">version {version}</span> {CONSIDERED[outcome]}
          </li>
        ))}
      </ol>
    </>
  );
}

function ToldLine({ told }: { told: Told }) {
  const { for_user, schedule_id, destination, channel } = told;
  return (
    <>
      {for_user !== undefined && (
        <>
          <bdi>{for_user}</bdi>, on call in{' '}
          <Link href={`/schedules/${schedule_id}`}>
            <bdi>{schedule_id}</bdi>
          </Link>
          , by{' '}
        </>
      )}
      <bdi>{destination}</bdi> <span className="muted">({channel})</span>
    </>
  );
}

function words(text: string): string {
  return text.replaceAll('_', ' ');
}
