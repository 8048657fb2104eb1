import type { ListedRule } from '#shared/rule/schema.ts';
import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';

import { type RuleState, STATES } from './state.ts';

/** Which rules are listed; an empty criterion asks for all. Its home is the address. */
export interface RuleFilter {
  states: readonly RuleState[];
  severities: readonly Severity[];
  kind: string;
  q: string;
}

const STATE_NAMES = STATES.map(({ state }) => state);
/** Archived rules are put away: they are shown when asked for. */
const DEFAULT_STATES: readonly RuleState[] = STATE_NAMES.filter((state) => state !== 'ARCHIVED');

/** Reads `?state=…&severity=…&kind=…&q=…`; what it does not know it leaves out. */
export function readFilter(search: string): RuleFilter {
  const query = new URLSearchParams(search);
  return {
    states: query.has('state') ? pick(query.get('state'), STATE_NAMES) : DEFAULT_STATES,
    severities: pick(query.get('severity'), SEVERITIES),
    kind: query.get('kind') ?? '',
    q: query.get('q') ?? '',
  };
}

/** The address' query of a filter, without what is the default; what else `search` holds stays. */
export function writeFilter(filter: RuleFilter, search: string): string {
  const query = new URLSearchParams(search);
  const put = (name: string, value: string) =>
    value === '' ? query.delete(name) : query.set(name, value);
  put('state', filter.states.join() === DEFAULT_STATES.join() ? '' : filter.states.join());
  put('severity', filter.severities.join());
  put('kind', filter.kind);
  put('q', filter.q);
  return query.toString().replaceAll('%2C', ',');
}

/** Whether a rule is listed; text is looked for in id, name, description, condition and title. */
export function matches(rule: ListedRule, filter: RuleFilter): boolean {
  if (filter.states.length > 0 && !filter.states.includes(rule.state)) return false;
  if (filter.severities.length > 0 && !filter.severities.includes(rule.severity)) return false;
  if (filter.kind !== '' && rule.detector.kind !== filter.kind) return false;
  const needle = filter.q.trim().toLowerCase();
  return (
    needle === '' ||
    [rule.rule_id, rule.name, rule.description, rule.condition, rule.title].some((text) =>
      text?.toLowerCase().includes(needle),
    )
  );
}

function pick<Word extends string>(text: string | null, words: readonly Word[]): Word[] {
  const given = new Set((text ?? '').split(','));
  return words.filter((word) => given.has(word));
}
