import type { Handlers } from '#functions/api/operation.ts';
import { explainAlert } from '#shared/explain/explain-alert.ts';
import { explainEvent } from '#shared/explain/explain-event.ts';
import { foresee } from '#shared/explain/foresee.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { readResponseRules } from '#shared/response/read-rules.ts';

export const explainOperations: Handlers<'explain.get' | 'explain.foresee'> = {
  'explain.get'({ alert, event, at }, { context, ports }) {
    if ((alert === undefined) === (event === undefined))
      throw new SentryError('invalid_input', 'Name an alert or an event, and not both.', {
        issues: [{ path: 'alert', message: 'Give "alert" or "event".' }],
      });
    return alert === undefined
      ? explainEvent(ports, context, event!, instantOf(at, context.now()))
      : explainAlert(ports, context, alert);
  },
  'explain.foresee': ({ event, at }, { context, ports }) =>
    foresee(
      { ...ports, response: (tenant) => readResponseRules(ports, tenant) },
      context,
      event,
      instantOf(at, context.now()),
    ),
};

/** RFC 3339 in UTC. */
function instantOf(at: string | undefined, now: number): string {
  return new Date(at === undefined ? now : Date.parse(at)).toISOString();
}
