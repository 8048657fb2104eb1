import type { AlertLine } from '#shared/live/schema.ts';

import { useTimedText } from '#dashboard/shell/clock.ts';
import { countdownWords } from '#dashboard/shell/format.ts';

type Subject = Pick<AlertLine, 'state' | 'next_escalation_at'>;

/** How long until more people are told, or until the acknowledgement ends; moves by itself. */
export function NextStep({ alert }: { alert: Subject }) {
  const { state, next_escalation_at: at } = alert;
  const text = useTimedText((now) => nextStepWords({ state, next_escalation_at: at }, now));
  if (text === '') return null;
  return (
    <span className="next-step" title={at && new Date(at).toLocaleString()}>
      {text}
    </span>
  );
}

/** Nothing for an alert that tells nobody any more. */
export function nextStepWords({ state, next_escalation_at: at }: Subject, now: number): string {
  if (at === undefined || state === 'RESOLVED') return '';
  const left = Date.parse(at) - now;
  if (Number.isNaN(left)) return '';
  const what = state === 'ACK' ? 'reopens' : 'escalates';
  return left <= 0 ? `${what} now` : `${what} in ${countdownWords(left)}`;
}
