import type { JournalEntry } from './schema.ts';

type Words = (entry: JournalEntry) => string;

const text = (value: unknown) => (typeof value === 'string' ? value : 'nobody');

/** What each journal action reads like; an action not listed reads as its own words. */
const SENTENCES: Readonly<Record<string, Words>> = {
  'alert.open': ({ after }) =>
    `Opened with severity ${text(after?.severity)}${after?.suppressed_by ? `, told to nobody (${reasons(after)})` : ''}`,
  'alert.acknowledge': ({ actor }) => `Acknowledged by ${actor}`,
  'alert.acknowledge_in_part': ({ actor, after }) =>
    `Acknowledged by ${actor}, ${String(after?.acknowledged)} of ${String(after?.needed)} needed`,
  'alert.ack_timeout': ({ before }) =>
    `Opened again: ${text(before?.acknowledged_by)} acknowledged it and nothing was heard since`,
  'alert.escalate': ({ after }) => `Escalated to level ${String(after?.escalation_level)}`,
  'alert.escalate_to_nobody': ({ after }) =>
    `Escalated to level ${String(after?.escalation_level)}, where nobody could be told`,
  'alert.unacknowledge': ({ actor }) => `Acknowledgement taken back by ${actor}`,
  'alert.resolve': ({ actor }) => `Resolved by ${actor}`,
  'alert.reopen': () => 'Opened again: it came back within the reopen window',
  'alert.tell_group': ({ after }) => `The group's message: ${text(after?.title)}`,
  'alert.assign': ({ actor, after }) =>
    after?.assigned_to
      ? `Assigned to ${text(after.assigned_to)} by ${actor}`
      : `Assignment taken away by ${actor}`,
  'alert.severity_changed': ({ before, after }) =>
    `Severity changed from ${text(before?.severity)} to ${text(after?.severity)}`,
  'alert.unsuppress': (entry) => unsuppressed(entry),
  'silence.ending': ({ after }) => `Ends at ${text(after?.ends_at)}`,
  'alert.suppress': ({ after }) => `Told to nobody from now on (${reasons(after)})`,
  'alert.hold_step': ({ after }) => `The next step is held back (${reasons(after)})`,
  'incident.open': ({ after }) => `Incident opened with severity ${text(after?.severity)}`,
  'incident.escalate': ({ actor, after }) =>
    `Incident escalated to level ${String(after?.escalation_level)} ${after?.cause === 'auto' ? 'by itself' : `by ${actor}`}`,
  'incident.join': ({ before, after }) =>
    `An alert${after?.neighbour ? ` of the neighbouring ${text(after.neighbour)}` : ''} joined, ${String(after?.open_count)} of ${String(after?.alert_count)} not resolved${before ? `; severity is ${text(after?.severity)} now` : ''}`,
  'incident.reopen': () => 'Incident opened again: an alert came within its window',
  'incident.change_status': ({ actor, before, after }) =>
    `Incident is ${text(after?.status)} now, ${text(before?.status)} before, by ${actor}`,
  'incident.severity_changed': ({ before, after }) =>
    `Incident's severity changed from ${text(before?.severity)} to ${text(after?.severity)}`,
  'incident.assign': ({ actor, after }) =>
    after?.assigned_to
      ? `Incident assigned to ${text(after.assigned_to)} by ${actor}`
      : `Incident's assignment taken away by ${actor}`,
  'incident.close': ({ actor }) => `Incident closed by ${actor}`,
  'notification.sent': ({ after }) => `${told(after)} ${text(after?.destination)}`,
  'notification.failed': ({ after }) =>
    `Could not reach ${text(after?.destination)} (attempt ${String(after?.attempts)}): ${text(after?.error)}`,
  'notification.dead': ({ after }) =>
    `Gave up on ${text(after?.destination)}: ${text(after?.error)}`,
  'notification.redriven': ({ actor, after }) =>
    `${text(after?.destination)} is tried again, asked for by ${actor}`,
  'pagerduty.noted': ({ actor, after }) => `${actor}: ${text(after?.type)}`,
};

function reasons(part: JournalEntry['after']): string {
  const suppressed = part?.suppressed_by as { reason: string; id?: string }[] | undefined;
  return (suppressed ?? [])
    .map(({ reason, id }) => (id === undefined ? reason : `${reason} ${id}`))
    .join(', ');
}

function unsuppressed({ before, after }: JournalEntry): string {
  const left = reasons(after);
  if (left !== '') return `Still told to nobody (${left})`;
  const former = reasons(before);
  if (former.split(', ').includes('warming'))
    return 'Its series has warmed up: people are told from now on';
  if (former.split(', ').includes('staging'))
    return 'Its rule went live: people are told from now on';
  if (former === '') return 'Nobody was told of it so far: people are told from now on';
  return `Nothing holds it back any more (${former}): people are told from now on`;
}

const TOLD: Readonly<Record<string, string>> = {
  trigger: 'Notified',
  acknowledge: 'Acknowledgement told to',
  resolve: 'Resolve told to',
};
function told(after: JournalEntry['after']): string {
  return TOLD[text(after?.intent)] ?? 'Told';
}

/** One journal entry as the line a responder reads, its reason included. */
export function sentenceOf(entry: JournalEntry): string {
  const words = Object.hasOwn(SENTENCES, entry.action) ? SENTENCES[entry.action] : undefined;
  const sentence = words ? words(entry) : plainWords(entry);
  return entry.reason ? `${sentence}: ${entry.reason}` : sentence;
}

/** `delivery.sent` by `system:notify-slack` → "Delivery sent by system:notify-slack". */
function plainWords(entry: JournalEntry): string {
  const words = entry.action.replaceAll(/[._]/g, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} by ${entry.actor}`;
}
