import { requireScope } from '#shared/access/scope.ts';
import type { Alert, AlertState } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { AlertFilter, WorkStore } from '#shared/ports/work-store.ts';

import { checkMatchers, matches } from './match.ts';
import type { Matcher } from './schema.ts';

export const PREVIEW_DAYS = 30;
/** Alerts named one by one, of each kind. */
export const EXAMPLES_MAX = 100;
const DAY_MS = 86_400_000;
/** Most alerts read, of the past and of those that are active, and in one page. */
const READ_MAX = 5_000;
const PAGE = 100;

/** An alert as a preview names it. */
export type Example = Pick<
  Alert,
  'alert_id' | 'title' | 'service' | 'severity' | 'state' | 'created_at' | 'count'
>;

/** Alerts that matchers hold for. */
interface Muted {
  alerts: number;
  /** Of these, those that people were told of. */
  told: number;
  by_state: Record<AlertState, number>;
  by_severity: Record<Severity, number>;
  /** Newest first. */
  examples: Example[];
  /** CRITICAL apart, so that nobody overlooks them. */
  critical: { alerts: number; examples: Example[] };
  /** There are more alerts than were read. */
  truncated: boolean;
}

export interface SilencePreview {
  from: string;
  to: string;
  /** Opened between the two. */
  past: Muted;
  /** OPEN or ACK now, whenever they opened. */
  now: Muted;
}

/** What a silence would have muted in the last 30 days, and what it would mute now. Stores nothing. Throws `invalid_input`, `forbidden`. */
export async function previewSilence(
  ports: { work: Pick<WorkStore, 'listAlerts'> },
  ctx: Context,
  matchers: readonly Matcher[],
): Promise<SilencePreview> {
  requireScope(ctx, 'sentry.policy.read');
  const issues = checkMatchers(matchers);
  const [first] = issues;
  if (first) throw new SentryError('invalid_input', `${first.path}: ${first.message}`, { issues });
  const to = ctx.now();
  const from = new Date(to - PREVIEW_DAYS * DAY_MS).toISOString();
  const [past, now] = await Promise.all([
    gather(ports.work, ctx.tenant, matchers, {}, from),
    gather(ports.work, ctx.tenant, matchers, { states: ['OPEN', 'ACK'] }),
  ]);
  return { from, to: new Date(to).toISOString(), past, now };
}

/** Counts what matches, newest first; `since` (RFC 3339) ends it. */
async function gather(
  work: Pick<WorkStore, 'listAlerts'>,
  tenant: string,
  matchers: readonly Matcher[],
  filter: AlertFilter,
  since = '',
): Promise<Muted> {
  const muted = emptyMuted();
  let cursor: string | undefined;
  for (let read = 0; read < READ_MAX; read += PAGE) {
    const page = await work.listAlerts(tenant, filter, {
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    for (const alert of page.items)
      if (alert.created_at >= since && matches(matchers, alert)) add(muted, alert);
    cursor = page.cursor;
    const isOver = page.items.some(({ created_at }) => created_at < since);
    if (cursor === undefined || isOver) return muted;
  }
  return { ...muted, truncated: true };
}

function emptyMuted(): Muted {
  return {
    alerts: 0,
    told: 0,
    by_state: { OPEN: 0, ACK: 0, RESOLVED: 0 },
    by_severity: { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 },
    examples: [],
    critical: { alerts: 0, examples: [] },
    truncated: false,
  };
}

function add(muted: Muted, alert: Alert): void {
  const { alert_id, title, service, severity, state, created_at, count } = alert;
  const example = { alert_id, title, service, severity, state, created_at, count };
  muted.alerts++;
  if (alert.policy_id !== undefined) muted.told++;
  muted.by_state[state]++;
  muted.by_severity[severity]++;
  if (muted.examples.length < EXAMPLES_MAX) muted.examples.push(example);
  if (severity !== 'CRITICAL') return;
  muted.critical.alerts++;
  if (muted.critical.examples.length < EXAMPLES_MAX) muted.critical.examples.push(example);
}
