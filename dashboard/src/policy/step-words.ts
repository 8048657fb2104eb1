import type { EscalationPolicy } from '#shared/escalation/schema.ts';

type Target = EscalationPolicy['steps'][number]['targets'][number];

/** `slack-ops`, or `on-call payments`. */
export function targetWords({ channel, destination }: Target): string {
  return channel === 'schedule' ? `on-call ${destination}` : destination;
}

export function minuteWords(minutes: number): string {
  if (minutes < 1 && minutes > 0) return `${Math.round(minutes * 60)} s`;
  if (minutes >= 120 && minutes % 60 === 0) return `${minutes / 60} h`;
  return `${minutes} min`;
}

/** Steps in order: `at 0 min → slack-ops; after 10 min → on-call payments`. */
export function stepLines({ steps }: Pick<EscalationPolicy, 'steps'>): string[] {
  return steps.map(({ delay_minutes, targets }, index) => {
    const when = `${index === 0 ? 'at' : 'after'} ${minuteWords(delay_minutes)}`;
    return `${when} → ${targets.map(targetWords).join(', ')}`;
  });
}

/** What else a policy does, one short sentence each. */
export function extraLines(policy: EscalationPolicy): string[] {
  const { repeat, ack_timeout_minutes, acknowledgements, grouping } = policy;
  return [
    ...(repeat > 0 ? [`repeated ${repeat} ${repeat === 1 ? 'time' : 'times'}`] : []),
    ...(ack_timeout_minutes === undefined
      ? []
      : [`acknowledged alerts open again after ${minuteWords(ack_timeout_minutes)}`]),
    ...(acknowledgements > 1 ? [`${acknowledgements} people have to acknowledge`] : []),
    ...(grouping ? [`told together by ${grouping.by.join(', ') || 'nothing: all at once'}`] : []),
  ];
}
