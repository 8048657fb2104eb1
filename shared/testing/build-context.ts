import { SCOPES } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { digestUuid } from '#shared/kernel/id.ts';

/** A context of tenant `t1` with every scope; `clock` may be moved by the test. */
export function buildContext(
  clock: { now: number },
  fields: Partial<Omit<Context, 'now'>> = {},
): Context {
  let made = 0;
  return {
    tenant: 't1',
    actor: 'user:rosa',
    scopes: new Set(SCOPES),
    correlation_id: 'c-1',
    newId: () => digestUuid('built', String(++made)),
    ...fields,
    now: () => clock.now,
  };
}
