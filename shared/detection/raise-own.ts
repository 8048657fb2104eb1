import type { Finding } from '#shared/alert/finding.ts';
import { decideRaise, readRaiseRows } from '#shared/alert/raise.ts';
import { follow } from '#shared/incident/follow.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

/** How often a lost race is decided again. */
const ATTEMPTS_MAX = 5;

/**
 * Raises an alert of Sentry about itself, which no series stands behind. With `once` an alert that is
 * not resolved is left as it is. Throws `unavailable` when it could not be written.
 */
export async function raiseOwn(
  work: WorkStore,
  ctx: Context,
  finding: Finding,
  response: ResponseRules,
  options: { once?: boolean } = {},
): Promise<void> {
  const group = { rule_id: finding.rule.rule_id, group_key: finding.group_key };
  for (let attempt = 1; ; attempt++) {
    const [rows = {}] = await readRaiseRows(work, ctx.tenant, [group]);
    if (options.once && rows.alert && rows.alert.state !== 'RESOLVED') return;
    try {
      const raised = decideRaise(rows, finding, response, ctx);
      const ports = { work, response: () => Promise.resolve(response) };
      await work.commit((await follow(ports, ctx, rows.alert, raised)).commit);
      return;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
