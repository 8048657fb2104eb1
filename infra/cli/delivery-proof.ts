import type { ExplainLine } from '#shared/explain/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import { cleanText } from '#shared/rule/clean-text.ts';

const CELL_MAX = 48;
const ANSWER_MAX = 120;

/** What was wanted of one receiver, what was tried and what it answered. */
interface ProofRow {
  at: string;
  step: string;
  destination: string;
  /** `intended`, `sent`, `failed`, `dead`, `not needed` or `pending`. */
  what: string;
  intent: string;
  answer: string;
}

/** Every message of an alert from the wish to the receipt. */
export interface Proof {
  rows: ProofRow[];
  /** Receivers of which something was wanted that never was confirmed, each with why. */
  open: string[];
}

/** Lines of an explanation that are about messages, in words. */
const WHAT: Readonly<Record<string, string>> = {
  told: 'intended',
  fell_back_to_secondary: 'intended',
  delivered: 'sent',
  delivery_failed: 'failed',
  delivery_dead: 'dead',
  delivery_pending: 'pending',
  redriven: 'redriven',
  not_needed_acknowledged: 'not needed',
  not_needed_resolved: 'not needed',
  not_needed: 'not needed',
};

/** Puts deliveries and what is explained of them together: intents, attempts, receipts, in order of time. */
export function proveDeliveries(
  deliveries: readonly Delivery[],
  lines: readonly ExplainLine[],
): Proof {
  const byKey = new Map(deliveries.map((row) => [row.delivery_key, row]));
  const rows = lines.flatMap((line): ProofRow[] => {
    const what = Object.hasOwn(WHAT, line.outcome) ? WHAT[line.outcome] : undefined;
    if (what === undefined) return [];
    const delivery = byKey.get(line.ids['delivery_key'] ?? '');
    return [rowOf(what, line, delivery)];
  });
  const told = new Set(rows.filter(({ what }) => what === 'intended').map(keyOf));
  // A message without a stored decision is shown all the same: that it is there is what counts.
  const untold = deliveries.filter((row) => !told.has(`${row.step} ${cell(row.destination)}`));
  const bare = untold.map((row) => rowOf('untraced', undefined, row));
  return {
    rows: [...rows, ...bare].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))),
    open: deliveries.flatMap((row) => openWords(row) ?? []),
  };
}

/** The proof as lines of a table for a terminal. */
export function proofLines({ rows, open }: Proof): string[] {
  const width = (of: (row: ProofRow) => string, title: string) =>
    Math.max(title.length, ...rows.map((row) => of(row).length));
  const to = width(({ destination }) => destination, 'receiver');
  const head = `${'time'.padEnd(24)}  ${'step'.padStart(4)}  ${'receiver'.padEnd(to)}  ${'what'.padEnd(10)}  ${'intent'.padEnd(11)}  answer`;
  const table = rows.map(
    ({ at, step, destination, what, intent, answer }) =>
      `${at.padEnd(24)}  ${step.padStart(4)}  ${destination.padEnd(to)}  ${what.padEnd(10)}  ${intent.padEnd(11)}  ${answer}`,
  );
  const end =
    open.length === 0
      ? [`Everything that was wanted is confirmed (${rows.length} lines).`]
      : open.map((words) => `Never confirmed: ${words}`);
  return [head, ...table, '', ...end];
}

function rowOf(
  what: string,
  line: ExplainLine | undefined,
  delivery: Delivery | undefined,
): ProofRow {
  const destination =
    delivery?.destination ?? line?.ids['destination'] ?? line?.ids['delivery_key'];
  const isIntended = what === 'intended';
  return {
    at: line?.at ?? delivery?.created_at ?? '',
    step: delivery ? String(delivery.step) : '',
    destination: cell(destination ?? ''),
    what,
    intent: isIntended ? 'trigger' : cell(line?.ids['intent'] ?? delivery?.desired ?? ''),
    answer: isIntended || !line ? '' : cleanText(line.sentence, ANSWER_MAX),
  };
}

function keyOf({ step, destination }: ProofRow): string {
  return `${step} ${destination}`;
}

/** What a receiver should know and never confirmed; undefined when it knows, or need not. */
function openWords(row: Delivery): string | undefined {
  const { destination, step, desired, sent, status, attempts, last_error } = row;
  if (sent === desired && row.next_attempt_at === undefined && status !== 'DEAD') return undefined;
  if (status === 'CONFIRMED') return undefined;
  const why = last_error === undefined ? '' : `: ${last_error}`;
  const words = `${destination} (step ${step}), ${desired}, ${status} after ${attempts} attempts${why}`;
  return cleanText(words, 2 * ANSWER_MAX);
}

function cell(text: string): string {
  return cleanText(text, CELL_MAX);
}
