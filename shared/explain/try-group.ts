import { compileRuleSet, type RuleMatch } from '#shared/rule/compile-rule-set.ts';
import { describeRule } from '#shared/rule/describe-rule.ts';
import { type EvaluatedGroup, evaluateRule } from '#shared/rule/evaluate-rule.ts';
import { leftOutWords } from '#shared/rule/left-out.ts';

import type { Arrived } from './find-event.ts';
import { line } from './line.ts';
import type { ExplainLine } from './schema.ts';

/**
 * Why a rule that selects an event opened nothing: what its detector makes of the archived hour up to the
 * event, for the event's group, by the evaluator of production. The state it held live is not stored for
 * the past, so what a longer memory knew is missing here, and the line says so. `before` ends with the
 * event. Never throws.
 */
export function tryGroup(
  match: RuleMatch,
  before: { events: readonly Arrived[]; complete: boolean },
  at: string,
): ExplainLine {
  const { rule } = match.compiled;
  const ids = { rule_id: rule.rule_id, rule_version: rule.version };
  const hour = before.complete ? 'hour' : 'hour, as far as it could be read,';
  let group: EvaluatedGroup | undefined;
  try {
    const isOwn = ofGroups([match]);
    const own = before.events.filter(({ event }) => isOwn(event));
    [group] = evaluateRule(rule, own);
  } catch (error) {
    const words = `Rule ${rule.rule_id} broke on the archived hour: ${(error as Error).message}`;
    return line(at, 'rule', 'rule_broken', words, ids);
  }
  const matched = group?.matched ?? 0;
  const counted = `it counted towards ${describeRule(rule)}: ${matched} matching events of its group in the archived ${hour} up to it`;
  if (!group || group.occurrences === 0) {
    const words = `Below what rule ${rule.rule_id} asks: ${counted}${group ? leftOutWords([group]) : ''}`;
    return line(at, 'rule', 'below_threshold', words, ids);
  }
  if (group.warming) {
    const words = `Rule ${rule.rule_id} was warming up: ${counted}`;
    return line(at, 'rule', 'warming', words, ids);
  }
  const words = `Tried over the archived ${hour} rule ${rule.rule_id} fires (${group.explanation?.summary ?? ''}), yet no alert holds this event: it was not part of the finding, came before the detector had it, or the alert has expired`;
  return line(at, 'rule', 'fired_unseen', words, ids);
}

/** Says of an event whether one of the rules selects it into the group that it has in `matches`. */
export function ofGroups(matches: readonly RuleMatch[]): (event: Arrived['event']) => boolean {
  const rules = matches.map(({ compiled }) => ({ ...compiled.rule, state: 'ENABLED' as const }));
  const set = compileRuleSet(rules);
  const keys = new Set(matches.map(keyOf));
  return (event) => set.match(event).matches.some((match) => keys.has(keyOf(match)));
}

function keyOf({ compiled, group_key }: RuleMatch): string {
  return `${compiled.rule.rule_id} ${group_key}`;
}
