/** A filter somebody comes back to: the query of the list. */
export interface View {
  name: string;
  query: string;
}

/** Those that everybody has. */
export const SHIPPED_VIEWS: readonly View[] = [
  { name: 'Active', query: '' },
  { name: 'Grave and open', query: 'state=OPEN&severity=ERROR,CRITICAL&sort=-severity' },
  { name: 'Nobody has it', query: 'state=OPEN&owner=nobody' },
  { name: 'Mine', query: 'owner=me' },
  { name: 'By service', query: 'group=service&sort=-severity' },
  { name: 'Resolved', query: 'state=RESOLVED' },
];

const KEPT_MAX = 20;
const NAME_MAX = 40;

const keyOf = (actor: string) => `sentry.views.${actor}`;

/** What somebody kept in this browser; what cannot be read is nothing. */
export function readViews(kept: Pick<Storage, 'getItem'>, actor: string): readonly View[] {
  try {
    const value: unknown = JSON.parse(kept.getItem(keyOf(actor)) ?? '[]');
    if (!Array.isArray(value)) return [];
    return (value as unknown[]).filter(isView).slice(0, KEPT_MAX);
  } catch {
    return [];
  }
}

/** Keeps a view under its name, in the place of another of that name. Returns what is kept now. */
export function keepView(
  kept: Pick<Storage, 'getItem' | 'setItem'>,
  actor: string,
  view: View,
): readonly View[] {
  const name = view.name.trim().slice(0, NAME_MAX);
  const others = readViews(kept, actor).filter((held) => held.name !== name);
  return write(kept, actor, [...others, { name, query: view.query }].slice(-KEPT_MAX));
}

export function dropView(
  kept: Pick<Storage, 'getItem' | 'setItem'>,
  actor: string,
  name: string,
): readonly View[] {
  return write(
    kept,
    actor,
    readViews(kept, actor).filter((held) => held.name !== name),
  );
}

function write(kept: Pick<Storage, 'setItem'>, actor: string, views: readonly View[]) {
  try {
    kept.setItem(keyOf(actor), JSON.stringify(views));
  } catch {
    // A browser without storage forgets it with the page.
  }
  return views;
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null) return false;
  const { name, query } = value as Partial<View>;
  return typeof name === 'string' && name !== '' && typeof query === 'string';
}
