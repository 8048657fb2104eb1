import type { JournalEntry } from './schema.ts';

type Words = (entry: JournalEntry) => string;

const text = (value: unknown) => (typeof value === 'string' ? value : 'nobody');

/** What each journal action reads like; an action not listed reads as its own words. */
const SENTENCES: Readonly<Record<string, Words>> = {
  'alert.open': ({ after }) =>
    `Opened with severity ${text(after?.severity)}${after?.suppressed_by ? `, told to nobody (${reasons(after)})` : ''}`,
  'alert.acknowledge': ({ actor }) => `Acknowledged by ${actor}`,
  'alert.unacknowledge': ({ actor }) => `Acknowledgement taken back by ${actor}`,
  'alert.resolve': ({ actor }) => `Resolved by ${actor}`,
  'alert.reopen': () => 'Opened again: it came back within the reopen window',
  'alert.assign': ({ actor, after }) =>
    after?.assigned_to
      ? `Assigned to ${text(after.assigned_to)} by ${actor}`
      : `Assignment taken away by ${actor}`,
  'alert.severity_changed': ({ before, after }) =>
    `Severity changed from ${text(before?.severity)} to ${text(after?.severity)}`,
  'alert.unsuppress': (entry) => unsuppressed(entry),
  'notification.sent': ({ after }) => `${told(after)} ${text(after?.destination)}`,
  'notification.failed': ({ after }) =>
    `Could not reach ${text(after?.destination)} (attempt ${String(after?.attempts)}): ${text(after?.error)}`,
  'notification.dead': ({ after }) =>
    `Gave up on ${text(after?.destination)}: ${text(after?.error)}`,
};

function reasons(part: JournalEntry['after']): string {
  const suppressed = part?.suppressed_by as { reason: string }[] | undefined;
  return (suppressed ?? []).map(({ reason }) => reason).join(', ');
}

function unsuppressed({ before, after }: JournalEntry): string {
  const left = reasons(after);
  if (left !== '') return `Still told to nobody (${left})`;
  return reasons(before).includes('warming')
    ? 'Its series has warmed up: people are told from now on'
    : 'Its rule went live: people are told from now on';
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
