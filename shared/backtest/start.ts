import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { type LookupReader, requireTables } from '#shared/rule/bind-lookups.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { unknownFields } from '#shared/rule/unknown-field.ts';

import { viewBacktest } from './read.ts';
import { type Backtest, NO_PROGRESS } from './schema.ts';

const DAY_MS = 86_400_000;
/** The archive goes back no further. */
const PERIOD_MS_MAX = 90 * DAY_MS;
/** Jobs of one tenant that wait or run at once. */
const ACTIVE_MAX = 10;

export interface StartPorts {
  backtests: BacktestStore;
  backtestQueue: BacktestQueue;
  rules: RuleStore;
  lookups: LookupReader;
}

/** What to run, over which arrivals (RFC 3339; the last 24 hours unless told). Neither rule nor id: all live rules. */
export interface BacktestOrder {
  rule?: unknown;
  rule_id?: string | undefined;
  /** Of the stored rule; the newest unless told. */
  version?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  max_events: number;
}

/**
 * Writes the job and calls the runner; answers before anything has run. Throws `invalid_input` for a
 * draft or a period that is wrong, `not_found`, `rate_limited` while ten jobs wait or run, `forbidden`,
 * `unavailable`.
 */
export async function startBacktest(
  ports: StartPorts,
  ctx: Context,
  order: BacktestOrder,
): Promise<Backtest> {
  requireScope(ctx, 'sentry.policy.write');
  const period = periodOf(order, ctx.now());
  const { kind, rules } = await rulesOf(ports.rules, ctx, order);
  const recent = await ports.backtests.list(ctx.tenant, 100);
  const active = recent.filter((job) => isActive(viewBacktest(job, ctx.now())));
  if (active.length >= ACTIVE_MAX)
    throw new SentryError('rate_limited', `${ACTIVE_MAX} backtests wait or run already.`);
  const [rule] = rules;
  if (rule) await requireTables(ports.lookups, ctx.tenant, rule);
  const created_at = new Date(ctx.now()).toISOString();
  const job: Backtest = {
    backtest_id: `${created_at.replace(/\D/g, '')}-${ctx.newId().slice(0, 8)}`,
    tenant: ctx.tenant,
    state: 'QUEUED',
    kind,
    ...(rule && { rule_id: rule.rule_id }),
    ...(rule && kind === 'stored' && { rule_version: rule.version }),
    ...period,
    max_events: order.max_events,
    created_at,
    created_by: ctx.actor,
    progress: NO_PROGRESS,
    revision: 1,
  };
  await ports.backtests.create(job, rules);
  try {
    await ports.backtestQueue.call({ tenant: job.tenant, backtest_id: job.backtest_id }, 0);
  } catch (error) {
    // Nobody will run it: it must not count among those that wait.
    await ports.backtests.save({
      ...job,
      state: 'FAILED',
      error: 'It was not started.',
      revision: 2,
    });
    throw error;
  }
  return job;
}

/** True while a job waits or runs. */
export function isActive({ state }: Backtest): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}

function periodOf(order: BacktestOrder, now: number): { from: string; to: string } {
  const to = order.to === undefined ? now : Math.min(Date.parse(order.to), now);
  const from = order.from === undefined ? to - DAY_MS : Date.parse(order.from);
  const wrong = (path: string, message: string) =>
    new SentryError('invalid_input', message, { issues: [{ path, message }] });
  if (from >= to) throw wrong('from', '"from" must lie before "to" and before now.');
  if (to - from > PERIOD_MS_MAX) throw wrong('from', 'A backtest covers at most 90 days.');
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

async function rulesOf(
  store: RuleStore,
  ctx: Context,
  order: BacktestOrder,
): Promise<{ kind: Backtest['kind']; rules: DetectionRule[] }> {
  const { rule: draft, rule_id, version } = order;
  if (draft !== undefined && rule_id !== undefined)
    throw new SentryError('invalid_input', 'Send a draft in "rule" or the id of a stored rule.');
  if (draft !== undefined) {
    const rule = checkRule(draft);
    const issues = unknownFields(draft, rule);
    if (issues.length > 0)
      throw new SentryError('invalid_input', 'The draft has fields no rule has.', { issues });
    return { kind: 'draft', rules: [{ ...rule, state: 'ENABLED' }] };
  }
  if (rule_id === undefined) return { kind: 'live', rules: [] };
  const found =
    version === undefined
      ? await store.get(ctx.tenant, rule_id)
      : (await store.versions(ctx.tenant, rule_id)).find((one) => one.version === version);
  if (!found) {
    const which = version === undefined ? '' : `version ${version} of `;
    throw new SentryError('not_found', `There is no ${which}rule "${rule_id}".`);
  }
  return { kind: 'stored', rules: [{ ...found, state: 'ENABLED' }] };
}
