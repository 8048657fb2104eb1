import type { JournalEntry } from '#shared/audit/schema.ts';
import { sentenceOf } from '#shared/audit/sentence.ts';
import { deliveryKey } from '#shared/kernel/id.ts';

import { line } from './line.ts';
import type { ExplainLine, ExplainOutcome } from './schema.ts';
import { heldOutcome, traceLines } from './trace-lines.ts';

type Reading = readonly [ExplainLine['kind'], ExplainOutcome];

const READINGS: Readonly<Record<string, Reading>> = {
  'alert.reopen': ['dedup', 'reopened'],
  'alert.severity_changed': ['dedup', 'severity_changed'],
  'alert.unsuppress': ['suppression', 'released'],
  'alert.acknowledge': ['person', 'acknowledged'],
  'alert.acknowledge_in_part': ['person', 'acknowledged_in_part'],
  'alert.unacknowledge': ['person', 'acknowledgement_ended'],
  'alert.ack_timeout': ['person', 'acknowledgement_ended'],
  'alert.resolve': ['person', 'resolved'],
  'alert.assign': ['person', 'assigned'],
  'notification.sent': ['delivery', 'delivered'],
  'notification.failed': ['delivery', 'delivery_failed'],
  'notification.dead': ['delivery', 'delivery_dead'],
  'notification.redriven': ['delivery', 'redriven'],
};

/** Journal actions that say nothing their trace does not say better. */
const TRACE_ONLY: ReadonlySet<string> = new Set(['alert.escalate', 'alert.escalate_to_nobody']);

/** One journal entry of an alert and what its commit decided, as lines. */
export function entryLines(entry: JournalEntry): ExplainLine[] {
  const { action, at, after } = entry;
  const trace = traceLines(after?.['trace'], at);
  if (action === 'alert.open')
    return [openLine(entry), ...(trace.length > 0 ? trace : held(entry))];
  if (TRACE_ONLY.has(action) && trace.length > 0) return trace;
  if (action === 'alert.suppress' || action === 'alert.hold_step')
    return trace.length > 0 ? trace : held(entry);
  const isLift =
    action === 'alert.unsuppress' && trace.some(({ outcome }) => outcome === 'released');
  return isLift ? trace : [ownLine(entry), ...trace];
}

function ownLine(entry: JournalEntry): ExplainLine {
  const { action, at, actor } = entry;
  const [kind, outcome]: Reading = Object.hasOwn(READINGS, action)
    ? READINGS[action]!
    : ['other', 'noted'];
  if (kind !== 'delivery') return line(at, kind, outcome, sentenceOf(entry), { actor });
  return line(at, kind, outcome, deliverySentence(entry), deliveryIds(entry));
}

function openLine({ at, after, actor }: JournalEntry): ExplainLine {
  const episode = Number(after?.['episode'] ?? 1);
  const isFirst = episode === 1;
  const words = isFirst
    ? 'Opened: the first alert of its group'
    : `Opened as episode ${episode} of its group: the one before was over for longer than the reopen window`;
  return line(at, 'dedup', isFirst ? 'opened' : 'new_episode', words, { episode, actor });
}

/** What held it back, of entries from before decisions were traced. */
function held({ at, after }: JournalEntry): ExplainLine[] {
  const reasons = after?.['suppressed_by'];
  if (!Array.isArray(reasons)) return [];
  return (reasons as { reason?: unknown; id?: unknown }[]).map(({ reason, id }) => {
    const outcome = heldOutcome(String(reason));
    const which = typeof id === 'string' ? ` ${id}` : '';
    return line(at, 'suppression', outcome, `Told to nobody: ${String(reason)}${which}`, {
      ...(typeof id === 'string' && { id }),
    });
  });
}

function deliverySentence(entry: JournalEntry): string {
  const { receipt } = entry.after ?? {};
  const answer = typeof receipt === 'string' ? `, it answered: ${receipt}` : '';
  return `${sentenceOf(entry)}${answer}`;
}

function deliveryIds({ after, subject }: JournalEntry): Record<string, string | number> {
  const { step, destination, channel, intent, attempts } = after ?? {};
  return {
    ...(typeof step === 'number' &&
      typeof destination === 'string' && {
        delivery_key: deliveryKey(subject.id, step, destination),
      }),
    ...(typeof channel === 'string' && { channel }),
    ...(typeof destination === 'string' && { destination }),
    ...(typeof intent === 'string' && { intent }),
    ...(typeof attempts === 'number' && { attempts }),
  };
}
