import { decideAcknowledge } from '#shared/alert/acknowledge.ts';
import { changeAlert } from '#shared/alert/change.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { decideResolve } from '#shared/alert/resolve.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { decideMessage } from './decide-message.ts';
import { readGroup } from './read-group.ts';
import type { AlertGroup } from './schema.ts';

/**
 * The commit of a group whose timer is due; undefined when it is due no longer. What a person said to the
 * group's own alert is first done to its members, each in a commit of its own: should that break off, the
 * timer stands and the rest is done by who takes it next. Throws `unavailable`.
 */
export async function takeGroup(
  ctx: Context,
  work: WorkStore,
  alertGroupId: string,
  response: ResponseRules,
): Promise<Commit | undefined> {
  const { wish } = (await work.getAlertGroup(ctx.tenant, alertGroupId)) ?? {};
  if (wish) await fulfil(ctx, work, wish);
  const rows = await readGroup(work, ctx.tenant, alertGroupId);
  const due = rows?.group.timer?.due_at;
  if (rows === undefined || due === undefined || Date.parse(due) > ctx.now()) return undefined;
  const { wish: now } = rows.group;
  // Another wish came meanwhile: that is next.
  if (JSON.stringify(now) !== JSON.stringify(wish))
    throw new SentryError('conflict', 'The group changed meanwhile.');
  return decideMessage(rows, response, ctx);
}

async function fulfil(
  ctx: Context,
  work: WorkStore,
  { state, by, alert_ids }: NonNullable<AlertGroup['wish']>,
): Promise<void> {
  // The person's right to do so was asked for when they said it.
  const acting = { ...ctx, actor: by, scopes: new Set(['sentry.alert.write'] as const) };
  for (const id of alert_ids)
    try {
      await changeAlert({ work }, acting, id, (rows) => follow(rows, state, acting));
    } catch (error) {
      if (!(error instanceof SentryError) || error.code !== 'not_found') throw error;
    }
}

function follow(rows: AlertRows, state: 'ACK' | 'RESOLVED', ctx: Context): Decision {
  if (rows.alert.state === 'RESOLVED' || rows.alert.state === state)
    return { kind: 'unchanged', alert: rows.alert };
  if (state === 'RESOLVED') return decideResolve(rows, { reason: 'its group was resolved' }, ctx);
  // As many people as are needed have acknowledged the group.
  const { acknowledgements_needed: _met, ...alert } = rows.alert;
  return decideAcknowledge({ ...rows, alert }, { reason: 'its group was acknowledged' }, ctx);
}
