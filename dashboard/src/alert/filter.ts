import type { AlertState } from '#shared/alert/schema.ts';
import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

import { readSort, type Sort, writeSort } from '#dashboard/shell/table/column.ts';

import { type Grouping, GROUPINGS, ORDERS, ownerOf } from './order.ts';

export const STATES = ['OPEN', 'ACK', 'RESOLVED'] as const satisfies readonly AlertState[];
export const OWNERS = ['me', 'nobody'] as const;

/** What the list shows; an empty criterion asks for everything. Its home is the URL. */
export interface ListFilter {
  states: readonly AlertState[];
  severities: readonly Severity[];
  services: readonly string[];
  q: string;
  /** Only those that I have, or nobody has. */
  owner: (typeof OWNERS)[number] | undefined;
  group: Grouping | undefined;
  sort: Sort;
}

const DEFAULT_STATES: readonly AlertState[] = ['OPEN', 'ACK'];
/** Newest first. */
const DEFAULT_SORT: Sort = { key: 'age', isDescending: false };
const SORTS = Object.keys(ORDERS).map((key) => ({ key }));

/**
 * Reads `?state=OPEN,ACK&severity=…&service=…&service=…&q=…&owner=…&group=…&sort=…`; what it does not know
 * it leaves out.
 */
export function readFilter(search: string): ListFilter {
  const query = new URLSearchParams(search);
  const states = pick(query.get('state'), STATES);
  return {
    states: query.has('state') ? states : DEFAULT_STATES,
    severities: pick(query.get('severity'), SEVERITIES),
    services: query.getAll('service').filter((name) => name !== ''),
    q: query.get('q') ?? '',
    owner: OWNERS.find((one) => one === query.get('owner')),
    group: (Object.keys(GROUPINGS) as Grouping[]).find((one) => one === query.get('group')),
    sort: readSort(query.get('sort'), SORTS) ?? DEFAULT_SORT,
  };
}

/** The URL's query of a filter, without what is the default. */
export function writeFilter(filter: ListFilter): string {
  const query = new URLSearchParams();
  if (filter.states.join() !== DEFAULT_STATES.join()) query.set('state', filter.states.join());
  if (filter.severities.length > 0) query.set('severity', filter.severities.join());
  for (const service of filter.services) query.append('service', service);
  if (filter.q !== '') query.set('q', filter.q);
  if (filter.owner) query.set('owner', filter.owner);
  if (filter.group) query.set('group', filter.group);
  if (writeSort(filter.sort) !== writeSort(DEFAULT_SORT)) query.set('sort', writeSort(filter.sort));
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

/**
 * As the server selects (`GET /v1/alerts`): text is looked for in title, ids, service and assignee. The
 * owner is known here only; `me` is the actor.
 */
export function matches(alert: AlertLine, filter: ListFilter, me: string): boolean {
  if (filter.states.length > 0 && !filter.states.includes(alert.state)) return false;
  if (filter.severities.length > 0 && !filter.severities.includes(alert.severity)) return false;
  if (filter.services.length > 0 && !filter.services.includes(alert.service)) return false;
  if (filter.owner && ownerOf(alert) !== (filter.owner === 'me' ? me : undefined)) return false;
  const needle = filter.q.trim().toLowerCase();
  if (needle === '') return true;
  return [alert.title, alert.alert_id, alert.rule_id, alert.service, alert.assigned_to].some(
    (text) => text !== undefined && text.toLowerCase().includes(needle),
  );
}

/** The ids a filter selects, in the order they are shown: group by group, the newest first among equals. */
export function selectIds(alerts: readonly AlertLine[], filter: ListFilter, me: string): string[] {
  const { key, isDescending } = filter.sort;
  const order = ORDERS[key as keyof typeof ORDERS];
  const groupOf = filter.group && GROUPINGS[filter.group];
  return alerts
    .filter((alert) => matches(alert, filter, me))
    .sort((a, b) => {
      const [one, other] = groupOf ? [groupOf(a), groupOf(b)] : ['', ''];
      if (one !== other) return one < other ? -1 : 1;
      return (isDescending ? order(b, a) : order(a, b)) || ORDERS.age(a, b);
    })
    .map(({ alert_id }) => alert_id);
}

function pick<Word extends string>(text: string | null, words: readonly Word[]): Word[] {
  const given = new Set((text ?? '').split(','));
  return words.filter((word) => given.has(word));
}
