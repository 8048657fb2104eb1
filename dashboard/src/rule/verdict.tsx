import type { Explanation } from '#shared/alert/schema.ts';
import type { OperationResult } from '#shared/api/routes.ts';

type Verdict = OperationResult<'rules.test'>['items'][number];
type Group = Verdict['groups'][number];

const WORDS = { fires: 'Fires', quiet: 'Stays quiet', fault: 'Broken' } as const;

/** What the rule said of some events: whether it fires, why, and which alert would open. */
export function VerdictCard({ verdict }: { verdict: Verdict }) {
  const { name, verdict: said, expected, passed, detail, groups, events, rejects } = verdict;
  const tone = said === 'fault' || passed === false ? 'is-failed' : passed ? 'is-passed' : '';
  return (
    <article className={`verdict ${tone}`}>
      <h2>
        {passed !== undefined && (
          <span className={passed ? 'is-good' : 'is-bad'}>{passed ? '✓ Passed' : '✗ Failed'}</span>
        )}
        <span className="state">{WORDS[said]}</span>
        <bdi>{name}</bdi>
      </h2>
      <p>
        <bdi>{detail}</bdi>
        {passed === false && expected !== undefined && (
          <span className="is-bad">
            {' '}
            Its author expects that it {expected === 'fires' ? 'fires' : 'stays quiet'}.
          </span>
        )}
      </p>
      <p className="muted">
        {count(events, 'event')} read
        {rejects.length > 0 && `, ${rejects.length} could not be`}
      </p>
      {rejects.length > 0 && (
        <ul className="muted">
          {rejects.slice(0, 10).map(({ index, reason, detail: why }) => (
            <li key={index}>
              no. {index + 1}: <code>{reason}</code> <bdi>{why}</bdi>
            </li>
          ))}
        </ul>
      )}
      {groups.map((group) => (
        <GroupResult key={JSON.stringify(group.group)} result={group} />
      ))}
    </article>
  );
}

function GroupResult({ result }: { result: Group }) {
  const { group, matched, occurrences, duplicates, skipped, warming, title, explanation } = result;
  const fields = Object.entries(group);
  return (
    <div className="verdict-group">
      <p>
        {fields.length === 0 && 'All together: '}
        {fields.map(([path, value]) => (
          <span key={path} className="group-field">
            <code>{path}</code> <bdi>{value}</bdi>
          </span>
        ))}{' '}
        <span className="muted">
          {count(matched, 'event')} matched, fired {occurrences} ×
          {duplicates > 0 && `, ${count(duplicates, 'duplicate')} left out`}
          {Object.entries(skipped ?? {}).map(([why, times]) => `, ${times} skipped: ${why}`)}
        </span>
      </p>
      {title !== undefined && (
        <p>
          {occurrences > 0 ? 'Alert that would open: ' : 'Title: '}
          <strong>
            <bdi>{title}</bdi>
          </strong>
          {warming === true && (
            <span className="muted"> (held back at info: its series is too new)</span>
          )}
        </p>
      )}
      {explanation && <Why explanation={explanation} />}
    </div>
  );
}

/** Why it fired, in its own numbers. */
export function Why({ explanation }: { explanation: Explanation }) {
  const { expected, observed, score, window_seconds, values = {} } = explanation;
  return (
    <dl className="values">
      <Value name="expected" text={expected} />
      <Value name="observed" text={observed} />
      {score !== undefined && <Value name="score" text={score.toFixed(2)} />}
      {window_seconds !== undefined && <Value name="window" text={`${window_seconds} s`} />}
      {Object.entries(values).map(([name, text]) => (
        <Value key={name} name={name} text={text} />
      ))}
    </dl>
  );
}

function Value({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </div>
  );
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
