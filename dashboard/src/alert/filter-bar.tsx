import type { RefObject } from 'react';

import type { AlertState } from '#shared/alert/schema.ts';
import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';

import { SeverityShape, severityWord, STATE_WORDS } from '#dashboard/shell/badge.tsx';
import { ServiceSelect } from '#dashboard/shell/service-select.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';

import { type ListFilter, OWNERS, STATES, toggle } from './filter.ts';
import type { Grouping } from './order.ts';
import type { AlertCounts } from './store.ts';

interface Props {
  filter: ListFilter;
  onChange: (filter: ListFilter) => void;
  counts: AlertCounts;
  services: readonly string[];
  searchRef: RefObject<HTMLInputElement | null>;
}

const GRAVEST_FIRST = SEVERITIES.toReversed();

/** What the list shows: state, severity, service, text. Everything it sets is in the URL. */
export function FilterBar({ filter, onChange, counts, services, searchRef }: Props) {
  const stateCounts: Partial<Record<AlertState, number>> = {
    OPEN: counts.open,
    ACK: counts.acknowledged,
  };
  const isOn = (severity: Severity) => filter.severities.includes(severity);
  return (
    <search className="filter-bar">
      <div className="chips" role="group" aria-label="Severity">
        {GRAVEST_FIRST.map((severity) => (
          <button
            key={severity}
            type="button"
            aria-pressed={isOn(severity)}
            className={`chip severity-${severity}`}
            onClick={() =>
              onChange({ ...filter, severities: toggle(SEVERITIES, filter.severities, severity) })
            }
          >
            <SeverityShape severity={severity} />
            {severityWord(severity)}
            <span className="chip-count">{counts.severity[severity]}</span>
          </button>
        ))}
      </div>
      <div className="chips" role="group" aria-label="State">
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.states.includes(state)}
            className="chip"
            onClick={() => onChange({ ...filter, states: toggle(STATES, filter.states, state) })}
          >
            {STATE_WORDS[state]}
            {stateCounts[state] !== undefined && (
              <span className="chip-count">{stateCounts[state]}</span>
            )}
          </button>
        ))}
      </div>
      <ServiceSelect
        value={filter.services[0] ?? ''}
        services={services}
        onChange={(service) => onChange({ ...filter, services: service === '' ? [] : [service] })}
      />
      <label className="field">
        <span className="hidden">Owner</span>
        <select
          value={filter.owner ?? ''}
          onChange={({ target }) =>
            onChange({ ...filter, owner: OWNERS.find((one) => one === target.value) })
          }
        >
          <option value="">Anybody</option>
          <option value="me">Mine</option>
          <option value="nobody">Nobody&apos;s</option>
        </select>
      </label>
      <label className="field">
        <span className="hidden">Group by</span>
        <select
          value={filter.group ?? ''}
          onChange={({ target }) =>
            onChange({
              ...filter,
              group: target.value === '' ? undefined : (target.value as Grouping),
            })
          }
        >
          <option value="">Not grouped</option>
          <option value="service">By service</option>
          <option value="rule">By rule</option>
        </select>
      </label>
      <label className="field field-search">
        <Icon name="search" />
        <span className="hidden">Search title, id, rule, service or assignee</span>
        <input
          ref={searchRef}
          type="search"
          placeholder="Search alerts"
          value={filter.q}
          maxLength={256}
          onChange={({ target }) => onChange({ ...filter, q: target.value })}
        />
      </label>
    </search>
  );
}
