import type { EventRecord } from '#shared/event/schema.ts';
import { compileRuleSet, type RuleMatch } from '#shared/rule/compile-rule-set.ts';
import { explainMatch } from '#shared/rule/explain-match.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { line } from './line.ts';
import { nearestRules } from './nearest-rules.ts';
import type { ExplainLine, ExplainOutcome } from './schema.ts';

/** Rules named that came near. */
const NEAR_MAX = 3;

const ASLEEP: Readonly<Record<string, ExplainOutcome>> = {
  DRAFT: 'rule_draft',
  DISABLED: 'rule_disabled',
  ARCHIVED: 'rule_archived',
};

/** What the rules made of an event. */
interface Met {
  /** Matches of rules that evaluate, with the state their rules have. */
  live: RuleMatch[];
  lines: ExplainLine[];
  truncated: boolean;
}

/**
 * Which of the rules an event meets, those that evaluate first; where none of these does, those that would
 * if they were live, and then the nearest. `rules` as they stood then, their tables put in. Pure.
 */
export function matchLines(rules: readonly DetectionRule[], event: EventRecord, at: string): Met {
  const states = new Map(rules.map((rule) => [rule.rule_id, rule]));
  const set = compileRuleSet(rules.map((rule) => ({ ...rule, state: 'ENABLED' })));
  const { matches, faults } = set.match(event);
  const isLive = (id: string) => ['ENABLED', 'STAGED'].includes(states.get(id)!.state);
  const live = matches
    .filter(({ compiled }) => isLive(compiled.rule.rule_id))
    .map((match) => asItStood(match, states.get(match.compiled.rule.rule_id)!));
  const asleep = matches.map(({ compiled }) => states.get(compiled.rule.rule_id)!);
  const broken = [...set.broken, ...faults].filter(({ rule_id }) => isLive(rule_id));
  const lines = [
    ...live.map(({ compiled, group }) => matchedLine(compiled.rule, event, group, at)),
    ...asleep.flatMap((rule) => asleepLine(rule, at) ?? []),
    ...broken.map(({ rule_id, error }) =>
      line(at, 'rule', 'rule_broken', `Rule ${rule_id} could not be asked: ${error.message}`, {
        rule_id,
      }),
    ),
  ];
  if (live.length > 0 || lines.some(({ outcome }) => outcome !== 'rule_broken'))
    return { live, lines, truncated: false };
  const { near, truncated } = nearestRules(
    rules.filter(({ rule_id }) => isLive(rule_id)),
    event,
    NEAR_MAX,
  );
  const count = rules.filter(({ rule_id }) => isLive(rule_id)).length;
  const none = `None of the ${count} rules that evaluated then selects it`;
  return {
    live,
    lines: [
      ...lines,
      line(at, 'rule', 'no_pattern_matched', none),
      ...near.map(({ rule, held, conditions, failed }) =>
        line(
          at,
          'rule',
          'no_pattern_matched',
          `Near: ${rule.rule_id}, ${held} of ${conditions} conditions hold; the first that fails: ${failed}`,
          { rule_id: rule.rule_id, rule_version: rule.version },
        ),
      ),
    ],
    truncated,
  };
}

function asItStood(match: RuleMatch, rule: DetectionRule): RuleMatch {
  return { ...match, compiled: { ...match.compiled, rule, staged: rule.state === 'STAGED' } };
}

function matchedLine(
  rule: DetectionRule,
  event: EventRecord,
  group: Record<string, string>,
  at: string,
): ExplainLine {
  const { rule_id, version: rule_version } = rule;
  const { expected, summary } = explainMatch(rule, event);
  const asked = expected.replace(/^no event with /, '');
  const of = Object.entries(group).map(([path, value]) => `${path} ${value}`);
  const words = `Rule "${rule.name}" (${rule_id}, version ${rule_version}) selects it, group ${of.join(', ') || 'of all'}; asked: ${asked}; the event has: ${summary}`;
  return line(at, 'rule', 'rule_matched', words, { rule_id, rule_version });
}

function asleepLine({ rule_id, version, state }: DetectionRule, at: string) {
  const outcome = ASLEEP[state];
  if (!outcome) return undefined;
  const words = `Rule ${rule_id} (version ${version}) would select it, but was ${state}`;
  return line(at, 'rule', outcome, words, { rule_id, rule_version: version });
}
