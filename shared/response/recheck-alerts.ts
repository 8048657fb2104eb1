import type { Alert } from '#shared/alert/schema.ts';
import { follow } from '#shared/incident/follow.ts';
import { createTurns } from '#shared/incident/take-turns.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { decideRecheck } from './decide-recheck.ts';
import type { ResponseRules } from './rules.ts';
import { suppress } from './suppress.ts';

/** Active alerts looked at, newest first, and in one page. */
const LOOKED_AT_MAX = 2_000;
const PAGE = 100;
/** Alerts changed before the caller is answered; somebody waits for it. */
const CHANGED_MAX = 500;
const CONCURRENCY = 8;
/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 5;

export interface RecheckPorts {
  work: WorkStore;
  /** The rules of response as they are now. */
  response(tenant: string): Promise<ResponseRules>;
}

/** What a change of the rules did at once. What it did not reach, its timers find within 15 minutes. */
export interface Rechecked {
  held: number;
  released: number;
  /** The store did not take them now. */
  failed: number;
  /** There are active alerts that were not looked at. */
  truncated: boolean;
}

/**
 * Decides again about every active alert that a silence, maintenance window or inhibition held back or
 * holds back now that it was changed. `id` names it among those of its reason.
 */
export async function recheckAlerts(
  ports: RecheckPorts,
  ctx: Context,
  changed: { reason: string; id: string },
): Promise<Rechecked> {
  const result: Rechecked = { held: 0, released: 0, failed: 0, truncated: false };
  const response = await ports.response(ctx.tenant);
  const at = new Date(ctx.now()).toISOString();
  const names = (suppressed: Alert['suppressed_by']) =>
    suppressed.some(({ reason, id }) => reason === changed.reason && id === changed.id);
  const isConcerned = (alert: Alert) =>
    names(alert.suppressed_by) || names(suppress(alert, response, at).suppressed_by);
  const turns = createTurns();
  let cursor: string | undefined;
  for (let looked = 0; looked < LOOKED_AT_MAX; looked += PAGE) {
    const page = await ports.work.listAlerts(
      ctx.tenant,
      { states: ['OPEN', 'ACK'] },
      { limit: PAGE, ...(cursor !== undefined && { cursor }) },
    );
    const queue = page.items.filter(isConcerned);
    const lane = async () => {
      for (let alert = queue.shift(); alert; alert = queue.shift()) {
        const { alert_id, service, suppressed_by } = alert;
        const decide = () => recheck(ports.work, ctx, alert_id, response);
        // Those of one service that are let go share an incident, and would only race for its row.
        const done = await (names(suppressed_by) ? turns.take(service, decide) : decide());
        if (done) result[done]++;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    cursor = page.cursor;
    if (cursor === undefined || result.held + result.released >= CHANGED_MAX) break;
  }
  return { ...result, truncated: cursor !== undefined };
}

async function recheck(
  work: WorkStore,
  ctx: Context,
  alertId: string,
  response: ResponseRules,
): Promise<'held' | 'released' | 'failed' | undefined> {
  for (let attempt = 1; ; attempt++)
    try {
      const { alert, ...rows } = await work.getAlertRows(ctx.tenant, alertId);
      if (!alert) return undefined;
      const decision = decideRecheck({ ...rows, alert }, undefined, response, ctx);
      if (decision.kind !== 'commit') return undefined;
      const around = { work, response: () => Promise.resolve(response) };
      const { commit } = await follow(around, ctx, alert, decision);
      await work.commit(commit);
      return decision.alert.suppressed_by.length > 0 ? 'held' : 'released';
    } catch (error) {
      if (!(error instanceof SentryError)) throw error;
      if (error.code === 'unavailable') return 'failed';
      if (error.code !== 'conflict') throw error;
      if (attempt === ATTEMPTS_MAX) return 'failed';
    }
}
