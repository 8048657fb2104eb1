import { Link } from 'wouter';

import { SEVERITIES } from '#shared/kernel/severity.ts';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { SeverityBadge, severityWord, STATE_WORDS } from '#dashboard/shell/badge.tsx';
import { Age } from '#dashboard/shell/time.tsx';

import type { Preview } from './use-preview.ts';

const EXAMPLES_SHOWN = 5;
const GRAVEST_FIRST = SEVERITIES.toReversed();

/** What a silence would have muted in the last 30 days, and what it would mute now; CRITICAL apart. */
export function SilencePreview({
  preview,
  fault,
}: {
  preview: Resource<Preview | undefined>;
  fault: string | undefined;
}) {
  return (
    <section className="preview" aria-label="Preview" aria-busy={preview.isLoading}>
      <h3>What it would mute</h3>
      {fault !== undefined && <p className="muted">{fault}</p>}
      {fault === undefined && preview.error && (
        <p className="form-error" role="alert">
          {preview.error.message}
        </p>
      )}
      {fault === undefined && !preview.error && !preview.value && (
        <p className="muted" role="status">
          Looking through the last 30 days …
        </p>
      )}
      {fault === undefined && preview.value && <Figures preview={preview.value} />}
    </section>
  );
}

function Figures({ preview: { past, now } }: { preview: Preview }) {
  const more = past.truncated ? 'at least ' : '';
  const bySeverity = GRAVEST_FIRST.filter((severity) => (past.by_severity[severity] ?? 0) > 0).map(
    (severity) => `${past.by_severity[severity]} ${severityWord(severity).toLowerCase()}`,
  );
  return (
    <>
      <p role="status">
        <strong>
          {more}
          {past.alerts}
        </strong>{' '}
        {past.alerts === 1 ? 'alert' : 'alerts'} of the last 30 days
        {bySeverity.length > 0 && ` (${bySeverity.join(', ')})`}; people were told of{' '}
        {toldWords(past)}. <strong>{now.alerts}</strong> {now.alerts === 1 ? 'is' : 'are'} active
        now.
      </p>
      {past.critical.alerts > 0 && (
        <div className="preview-critical">
          <p>
            <SeverityBadge severity="CRITICAL" /> <strong>{past.critical.alerts} of them</strong>{' '}
            {past.critical.alerts === 1 ? 'was' : 'were'} critical. Nobody would have been woken.
          </p>
          <Examples examples={past.critical.examples} />
        </div>
      )}
      {past.alerts > past.critical.alerts && (
        <Examples examples={past.examples.filter(({ severity }) => severity !== 'CRITICAL')} />
      )}
      {past.alerts === 0 && (
        <p className="muted">
          Nothing has matched yet. That is right for what has not happened; else look at the
          conditions again.
        </p>
      )}
    </>
  );
}

function toldWords({ told, alerts }: Preview['past']): string {
  if (told === 0) return 'none';
  return told === alerts ? 'all of them' : String(told);
}

function Examples({ examples }: { examples: Preview['past']['examples'] }) {
  return (
    <ul className="preview-examples">
      {examples.slice(0, EXAMPLES_SHOWN).map((alert) => (
        <li key={alert.alert_id}>
          <SeverityBadge severity={alert.severity} />
          <Link href={`/alerts/${alert.alert_id}`}>
            <bdi>{alert.title}</bdi>
          </Link>
          <span className="muted">
            <bdi>{alert.service}</bdi> · {STATE_WORDS[alert.state].toLowerCase()} ·{' '}
            <Age since={alert.created_at} /> ago
          </span>
        </li>
      ))}
      {examples.length > EXAMPLES_SHOWN && (
        <li className="muted">and {examples.length - EXAMPLES_SHOWN} more</li>
      )}
    </ul>
  );
}
