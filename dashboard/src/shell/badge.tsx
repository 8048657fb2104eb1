import type { AlertState } from '#shared/alert/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';

/** One shape each, so that nobody needs the colours: circle, triangle, diamond, octagon. */
export const SHAPES: Readonly<Record<Severity, string>> = {
  INFO: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z',
  WARN: 'M8 2l6.5 11.5h-13z',
  ERROR: 'M8 1.2 14.8 8 8 14.8 1.2 8z',
  CRITICAL: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z',
};
const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  INFO: 'Info',
  WARN: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
};
export const STATE_WORDS: Readonly<Record<AlertState, string>> = {
  OPEN: 'Open',
  ACK: 'Acknowledged',
  RESOLVED: 'Resolved',
};

export function severityWord(severity: Severity): string {
  return SEVERITY_WORDS[severity];
}

/** Colour, shape and word. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span className={`severity severity-${severity}`}>
      <SeverityShape severity={severity} />
      {SEVERITY_WORDS[severity]}
    </span>
  );
}

export function SeverityShape({ severity }: { severity: Severity }) {
  return (
    <svg className="severity-shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[severity]} />
    </svg>
  );
}

export function StateBadge({ state }: { state: AlertState }) {
  return <span className={`state state-${state}`}>{STATE_WORDS[state]}</span>;
}
