import { requireScope } from '#shared/access/scope.ts';
import { openAlert } from '#shared/alert/open-alert.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { asNew, simulate } from '#shared/escalation/simulate.ts';
import type { Simulation } from '#shared/escalation/simulation-schema.ts';
import { decodeRecord } from '#shared/event/decode.ts';
import type { Accepted } from '#shared/event/normalise.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { trialsOf } from '#shared/alert/lift-trial.ts';
import type { LookupReader } from '#shared/rule/bind-lookups.ts';
import type { RuleMatch } from '#shared/rule/compile-rule-set.ts';
import { explainMatch } from '#shared/rule/explain-match.ts';
import { renderTitle } from '#shared/rule/render-title.ts';

import { inOrder, line, show } from './line.ts';
import { matchLines } from './match-lines.ts';
import { rulesAt } from './rules-at.ts';
import type { Explained, ExplainLine } from './schema.ts';
import { traceLines } from './trace-lines.ts';
import { tryGroup } from './try-group.ts';
import { verdictOf } from './verdict.ts';

export interface ForeseePorts {
  rules: Pick<RuleStore, 'list' | 'versions'>;
  lookups: LookupReader;
  /** The rules of response, as they stand now. */
  response(tenant: string): Promise<ResponseRules>;
}

/**
 * What would happen if an event came at an instant (RFC 3339), alone and to a group without an alert: the
 * rules in force then, the alert they would open, what holds it back, and who is told when as long as
 * nobody answers. Silences, schedules and policies are those stored now, looked at at that time. Stores
 * nothing. Needs sentry.alert.read; throws `unavailable`.
 */
export async function foresee(
  ports: ForeseePorts,
  ctx: Context,
  given: Readonly<Record<string, unknown>>,
  at: string,
): Promise<Explained> {
  requireScope(ctx, 'sentry.alert.read');
  const arrived_at = Date.parse(at);
  const bytes = Buffer.from(JSON.stringify(given));
  const { events, rejects } = decodeRecord(bytes, {
    tenant: ctx.tenant,
    arrived_at_ms: arrived_at,
  });
  const [accepted] = events;
  if (!accepted) {
    const [{ reason, detail } = { reason: 'empty', detail: 'it holds no event' }] = rejects;
    const refused = line(at, 'event', 'quarantined', `It could not be read: ${reason}: ${detail}`, {
      reason,
    });
    return answer('', [refused], refused, false);
  }
  const { rules, truncated } = await rulesAt(ports, ctx.tenant, arrived_at);
  const met = matchLines(rules, accepted.event, at);
  const { event_id } = accepted.event;
  if (met.live.length === 0)
    return answer(event_id, met.lines, met.lines[0]!, truncated || met.truncated);
  const response = await ports.response(ctx.tenant);
  const perRule = met.live.map((match) => {
    const alert = wouldBe(match, accepted, response, { ...ctx, now: () => arrived_at });
    return {
      unfired: unfired(match, accepted, at),
      lines: responseLines(match, alert, response, at),
    };
  });
  const firing = perRule.filter((one) => one.unfired === undefined);
  const reason =
    firing.length > 0 ? verdictOf(firing.flatMap(({ lines }) => lines)) : perRule[0]!.unfired!;
  const lines = perRule.flatMap((one) => [...(one.unfired ? [one.unfired] : []), ...one.lines]);
  return answer(event_id, inOrder([...met.lines, ...lines]), reason, truncated);
}

function answer(
  id: string,
  lines: ExplainLine[],
  { outcome, sentence }: ExplainLine,
  truncated: boolean,
): Explained {
  return { subject: { kind: 'draft', id: show(id) }, outcome, sentence, lines, truncated };
}

/** Why one event alone does not make the rule fire; what follows then holds once it does. */
function unfired(match: RuleMatch, accepted: Accepted, at: string): ExplainLine | undefined {
  const alone = { ...accepted, arrived_at: accepted.at };
  const tried = tryGroup(match, { events: [alone], complete: true }, at);
  return tried.outcome === 'fired_unseen' ? undefined : tried;
}

function wouldBe(
  { compiled, group, group_key }: RuleMatch,
  { event }: Accepted,
  response: ResponseRules,
  ctx: Context,
): Alert {
  const { rule } = compiled;
  const finding = {
    rule,
    group_key,
    group,
    title: renderTitle(rule.title, event),
    occurrences: 1,
    explain: explainMatch(rule, event),
    events: [event],
  };
  return openAlert(undefined, finding, response, ctx).alert;
}

function responseLines(
  { compiled: { rule } }: RuleMatch,
  alert: Alert,
  response: ResponseRules,
  at: string,
): ExplainLine[] {
  const { rule_id, version: rule_version } = rule;
  const words = `${alert.severity} alert "${alert.title}" for ${alert.service}`;
  const opened = line(at, 'dedup', 'opened', `Would open: ${words}`, { rule_id, rule_version });
  const trials = trialsOf({ rule } as Parameters<typeof trialsOf>[0]);
  if (trials.length > 0) {
    const held = trials.map(({ reason: detail }) => ({
      step: 'suppression',
      outcome: 'held_back',
      detail,
    }));
    return [opened, ...traceLines(held, at)];
  }
  return [opened, ...simulationLines(simulate(asNew(alert, at), response, at))];
}

function simulationLines({ steps }: Simulation): ExplainLine[] {
  return steps.flatMap(({ at, trace }) => traceLines(trace, at));
}
