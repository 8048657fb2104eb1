import type { Alert } from '#shared/alert/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';

/** The rows of a moment: by place, which row stands there; 0 where none does. */
export type Shelf = readonly number[];

/** One thing written: expected revision and what stands there afterwards (0: nothing). */
interface Write {
  place: number;
  row: number;
  expected: number;
}

type Stored = Exclude<Change, { kind: 'touch' }>;

/** Kinds that are asked for all at once. */
interface Kinds {
  alert: Alert;
  delivery: Delivery;
  timer: Timer;
}

interface Place {
  kind: string;
  alert_id?: string;
}

/**
 * Every row that ever stood somewhere, each once, so that a moment of the store is a short list of
 * numbers. A commit is what `shared/ports/work-store.ts` says: all of its conditional changes, or `conflict`.
 */
export class Rows {
  readonly #places = new Map<string, number>();
  readonly #about: Place[] = [];
  readonly #rows: { value: unknown; revision: number }[] = [{ value: undefined, revision: 0 }];
  readonly #ids = new Map<string, number>();
  readonly #shifted = new Map<string, number>();
  readonly #writes = new WeakMap<Commit, Write[]>();

  /** The row a place holds at a moment; undefined where none does. */
  at(shelf: Shelf, kind: string, ...key: (string | number)[]): { id: number; row: unknown } {
    const place = this.#places.get([kind, ...key].join('|'));
    const id = place === undefined ? 0 : (shelf[place] ?? 0);
    return { id, row: this.#rows[id]!.value };
  }

  /** The rows of a kind that stand at a moment, of one alert or of all, in the order of their places' names. */
  of<Kind extends keyof Kinds>(
    shelf: Shelf,
    kind: Kind,
    alertId?: string,
  ): { ids: number[]; rows: Kinds[Kind][] } {
    const ids: number[] = [];
    for (const [place, about] of this.#about.entries()) {
      const id = shelf[place] ?? 0;
      if (id === 0 || about.kind !== kind) continue;
      if (alertId === undefined || about.alert_id === alertId) ids.push(id);
    }
    return { ids, rows: ids.map((id) => this.#rows[id]!.value as Kinds[Kind]) };
  }

  /** The moment after a commit; with `unconditional` whoever comes last has it. */
  commit(shelf: Shelf, commit: Commit, unconditional = false): Shelf | SentryError {
    let writes = this.#writes.get(commit);
    if (!writes) this.#writes.set(commit, (writes = this.#prepare(commit)));
    const next = [...shelf];
    while (next.length < this.#about.length) next.push(0);
    for (const { place, row, expected } of writes) {
      const { revision } = this.#rows[shelf[place] ?? 0]!;
      if (!unconditional && revision !== expected)
        return new SentryError('conflict', 'Someone else changed this meanwhile.');
      next[place] = row;
    }
    return next;
  }

  /**
   * The same rows when `now` is called `then`: what is yet to come stays as far away, and everything
   * that has passed is equally long ago, because code only asks whether it has.
   */
  shift(shelf: Shelf, now: number, then: number): Shelf {
    return shelf.map((id, place) => {
      if (id === 0) return 0;
      const name = `${id} ${now}`;
      const known = this.#shifted.get(name);
      if (known !== undefined) return known;
      const text = JSON.stringify(this.#rows[id]!.value, (_key, value: unknown) =>
        typeof value === 'string' && INSTANT.test(value)
          ? new Date(shiftInstant(Date.parse(value), now, then)).toISOString()
          : ArrayBuffer.isView(value)
            ? { bytes: [...(value as Uint8Array)] }
            : value,
      );
      const row = JSON.parse(text, (_key, value: unknown) =>
        typeof value === 'object' && value !== null && 'bytes' in value
          ? Uint8Array.from(value.bytes as number[])
          : value,
      ) as { revision: number };
      const made = this.#keep(this.#about[place]!.kind, row);
      this.#shifted.set(name, made);
      return made;
    });
  }

  #prepare({ changes }: Commit): Write[] {
    return changes.flatMap((change) => {
      if (change.kind === 'touch') return [];
      const place = this.#place(change);
      const row = change.kind === 'timer.delete' ? 0 : this.#keep(change.kind, change.row);
      return [{ place, row, expected: change.expected }];
    });
  }

  #place(change: Stored): number {
    const kind = change.kind.replace('.delete', '');
    const name = [kind, ...keyOf(change)].join('|');
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const { row } = change;
    this.#places.set(name, this.#about.length);
    this.#about.push({ kind, ...('alert_id' in row && { alert_id: row.alert_id }) });
    return this.#about.length - 1;
  }

  #keep(kind: string, row: { revision: number }): number {
    const text = `${kind} ${JSON.stringify(row)}`;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#rows.push({ value: frozen(row), revision: row.revision });
    this.#ids.set(text, this.#rows.length - 1);
    return this.#rows.length - 1;
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const LONG_AGO_MS = 3_600_000;

/** An instant on the clock that calls `now` `then`. */
export function shiftInstant(instant: number, now: number, then: number): number {
  return instant > now ? then + (instant - now) : then - LONG_AGO_MS;
}

function keyOf(change: Stored): (string | number)[] {
  switch (change.kind) {
    case 'alert':
      return [change.row.alert_id];
    case 'pointer':
      return [change.row.rule_id, change.row.group_key];
    case 'delivery':
      return [change.row.alert_id, change.row.step, change.row.destination];
    case 'timer':
    case 'timer.delete':
      return [change.row.alert_id, change.row.kind, change.row.step];
    case 'series':
      return [change.row.rule_id, change.row.series_key];
    case 'seen':
      return [change.row.rule_id, change.row.series_key, change.row.bucket];
    case 'incident':
      return [change.row.incident_id];
    case 'incident.pointer':
      return [change.row.service];
    case 'alert.group':
      break;
  }
  return [change.row.alert_group_id];
}

/** A copy that throws when anybody writes into it: rows are shared by all moments. */
function frozen<Value>(value: Value): Value {
  const freeze = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return;
    Object.freeze(part);
    for (const one of Object.values(part)) freeze(one);
  };
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}
