import { SEVERITIES } from '#shared/kernel/severity.ts';
import type { ListedRule } from '#shared/rule/schema.ts';

import { SeverityShape, severityWord } from '#dashboard/shell/badge.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';

import type { RuleFilter } from './filter.ts';
import { STATES } from './state.ts';

interface Props {
  filter: RuleFilter;
  rules: readonly ListedRule[];
  onChange: (filter: RuleFilter) => void;
}

const GRAVEST_FIRST = SEVERITIES.toReversed();

/** What the list of rules shows. Everything it sets is in the address. */
export function RuleFilterBar({ filter, rules, onChange }: Props) {
  const kinds = [...new Set(rules.map(({ detector }) => detector.kind))].sort();
  const flip = <Word extends string>(list: readonly Word[], word: Word) =>
    list.includes(word) ? list.filter((one) => one !== word) : [...list, word];
  const inOrder = (states: RuleFilter['states']) =>
    STATES.map(({ state }) => state).filter((state) => states.includes(state));
  return (
    <search className="filter-bar">
      <div className="chips" role="group" aria-label="State">
        {STATES.map(({ state, name }) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={filter.states.includes(state)}
            onClick={() => onChange({ ...filter, states: inOrder(flip(filter.states, state)) })}
          >
            {name}
            <span className="chip-count">
              {rules.filter((rule) => rule.state === state).length}
            </span>
          </button>
        ))}
      </div>
      <div className="chips" role="group" aria-label="Severity">
        {GRAVEST_FIRST.map((severity) => (
          <button
            key={severity}
            type="button"
            className={`chip severity-${severity}`}
            aria-pressed={filter.severities.includes(severity)}
            onClick={() => onChange({ ...filter, severities: flip(filter.severities, severity) })}
          >
            <SeverityShape severity={severity} />
            {severityWord(severity)}
          </button>
        ))}
      </div>
      <label className="field">
        <span className="hidden">Kind of detector</span>
        <select
          value={filter.kind}
          onChange={({ target }) => onChange({ ...filter, kind: target.value })}
        >
          <option value="">Any kind</option>
          {kinds.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <label className="field field-search">
        <Icon name="search" />
        <span className="hidden">Search id, name, condition or title</span>
        <input
          type="search"
          placeholder="Search rules"
          value={filter.q}
          maxLength={256}
          onChange={({ target }) => onChange({ ...filter, q: target.value })}
        />
      </label>
    </search>
  );
}
