import type { AlertState } from '#shared/alert/schema.ts';
import { compareSeverity, SEVERITIES, type Severity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

export const STATES = ['OPEN', 'ACK', 'RESOLVED'] as const satisfies readonly AlertState[];
export const SORTS = ['newest', 'severity'] as const;
export type Sort = (typeof SORTS)[number];

/** What the list shows; an empty criterion asks for everything. Its home is the URL. */
export interface ListFilter {
  states: readonly AlertState[];
  severities: readonly Severity[];
  services: readonly string[];
  q: string;
  sort: Sort;
}

const DEFAULT_STATES: readonly AlertState[] = ['OPEN', 'ACK'];

/** Reads `?state=OPEN,ACK&severity=…&service=…&service=…&q=…&sort=…`; what it does not know it leaves out. */
export function readFilter(search: string): ListFilter {
  const query = new URLSearchParams(search);
  const states = pick(query.get('state'), STATES);
  return {
    states: query.has('state') ? states : DEFAULT_STATES,
    severities: pick(query.get('severity'), SEVERITIES),
    services: query.getAll('service').filter((name) => name !== ''),
    q: query.get('q') ?? '',
    sort: query.get('sort') === 'severity' ? 'severity' : 'newest',
  };
}

/** The URL's query of a filter, without what is the default. */
export function writeFilter(filter: ListFilter): string {
  const query = new URLSearchParams();
  if (filter.states.join() !== DEFAULT_STATES.join()) query.set('state', filter.states.join());
  if (filter.severities.length > 0) query.set('severity', filter.severities.join());
  for (const service of filter.services) query.append('service', service);
  if (filter.q !== '') query.set('q', filter.q);
  if (filter.sort !== 'newest') query.set('sort', filter.sort);
  return query.toString().replaceAll('%2C', ',');
}

/** `list` with `value` added or taken away, in the order of `all`. */
export function toggle<Value>(
  all: readonly Value[],
  list: readonly Value[],
  value: Value,
): Value[] {
  return all.filter((one) => (one === value ? !list.includes(one) : list.includes(one)));
}

/** As the server selects (`GET /v1/alerts`): text is looked for in title, ids, service and assignee. */
export function matches(alert: AlertLine, filter: ListFilter): boolean {
  if (filter.states.length > 0 && !filter.states.includes(alert.state)) return false;
  if (filter.severities.length > 0 && !filter.severities.includes(alert.severity)) return false;
  if (filter.services.length > 0 && !filter.services.includes(alert.service)) return false;
  const needle = filter.q.trim().toLowerCase();
  if (needle === '') return true;
  return [alert.title, alert.alert_id, alert.rule_id, alert.service, alert.assigned_to].some(
    (text) => text !== undefined && text.toLowerCase().includes(needle),
  );
}

/** The ids a filter selects, in the order they are shown. */
export function selectIds(alerts: readonly AlertLine[], filter: ListFilter): string[] {
  const found = alerts.filter((alert) => matches(alert, filter));
  found.sort((a, b) => {
    if (filter.sort === 'severity') {
      const graver = compareSeverity(b.severity, a.severity);
      if (graver !== 0) return graver;
    }
    return a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0;
  });
  return found.map(({ alert_id }) => alert_id);
}

function pick<Word extends string>(text: string | null, words: readonly Word[]): Word[] {
  const given = new Set((text ?? '').split(','));
  return words.filter((word) => given.has(word));
}
