import type { AlertLine, FrameItem } from '#shared/live/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';

/** What an action shows before the server has answered. */
export type AlertPatch = Partial<
  Pick<AlertLine, 'state' | 'acknowledged_by' | 'resolved_by' | 'assigned_to'>
>;

/** Active alerts by state and severity; derived from the same rows the list shows. */
export interface AlertCounts {
  open: number;
  acknowledged: number;
  /** Active alerts, OPEN or ACK. */
  severity: Readonly<Record<Severity, number>>;
}

/**
 * Every alert line the page knows, merged by revision, with optimistic changes laid over. One changed
 * row wakes the listeners of that row and those of the whole, nobody else.
 */
export class AlertStore {
  readonly #rows = new Map<string, AlertLine>();
  readonly #patches = new Map<string, AlertPatch[]>();
  readonly #views = new Map<string, AlertLine>();
  /** Highest revision known of alerts that are gone. */
  readonly #gone = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #rowListeners = new Map<string, Set<() => void>>();
  readonly #openedListeners = new Set<(alerts: readonly AlertLine[]) => void>();
  #all: readonly AlertLine[] | undefined;
  #counts: AlertCounts | undefined;
  #isLoaded = false;
  #isTruncated = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  subscribeRow(alertId: string, listener: () => void): () => void {
    const listeners = this.#rowListeners.get(alertId) ?? new Set();
    listeners.add(listener);
    this.#rowListeners.set(alertId, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#rowListeners.get(alertId) === listeners)
        this.#rowListeners.delete(alertId);
    };
  }

  /** Told of alerts that opened, or opened again, after the first snapshot. */
  onOpened(listener: (alerts: readonly AlertLine[]) => void): () => void {
    this.#openedListeners.add(listener);
    return () => this.#openedListeners.delete(listener);
  }

  /** False until the first snapshot. */
  readonly isLoaded = (): boolean => this.#isLoaded;
  /** True when the server has more than it sent. */
  readonly isTruncated = (): boolean => this.#isTruncated;

  get(alertId: string): AlertLine | undefined {
    const held = this.#views.get(alertId);
    if (held) return held;
    const row = this.#rows.get(alertId);
    if (!row) return undefined;
    const view = Object.assign({}, row, ...(this.#patches.get(alertId) ?? [])) as AlertLine;
    this.#views.set(alertId, view);
    return view;
  }

  /** All alerts as shown, in no order; the same array until something changes. */
  readonly all = (): readonly AlertLine[] =>
    (this.#all ??= [...this.#rows.keys()].map((id) => this.get(id)!));

  readonly counts = (): AlertCounts => {
    if (this.#counts) return this.#counts;
    const severity = { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 };
    let open = 0;
    let acknowledged = 0;
    for (const alert of this.all()) {
      if (alert.state === 'RESOLVED') continue;
      if (alert.state === 'OPEN') open++;
      else acknowledged++;
      severity[alert.severity]++;
    }
    return (this.#counts = { open, acknowledged, severity });
  };

  /** Replaces everything; a row held in a higher revision stays. Returns how many rows changed. */
  snapshot(items: readonly FrameItem[], isTruncated: boolean): number {
    const kept = new Set(items.flatMap((item) => ('alert_id' in item ? [item.alert_id] : [])));
    const changed = [...this.#rows.keys()].filter((id) => !kept.has(id));
    for (const id of changed) this.#rows.delete(id);
    this.#isTruncated = isTruncated;
    return this.#take(items, changed);
  }

  /** Replaces the active alerts by those the server lists now. */
  replaceActive(items: readonly AlertLine[]): void {
    const listed = new Set(items.map(({ alert_id }) => alert_id));
    const changed = [...this.#rows.values()]
      .filter(({ alert_id, state }) => state !== 'RESOLVED' && !listed.has(alert_id))
      .map(({ alert_id }) => alert_id);
    for (const id of changed) this.#rows.delete(id);
    this.#take(items, changed);
  }

  /** Takes changed lines; the higher revision wins, in whatever order they come. Returns how many did. */
  merge(items: readonly FrameItem[]): number {
    return this.#take(items, []);
  }

  /** Shows a change before it is sure; call the result when the server has answered. */
  patch(alertId: string, patch: AlertPatch): () => void {
    this.#patches.set(alertId, [...(this.#patches.get(alertId) ?? []), patch]);
    this.#tell([alertId], []);
    return () => {
      const rest = (this.#patches.get(alertId) ?? []).filter((held) => held !== patch);
      if (rest.length > 0) this.#patches.set(alertId, rest);
      else this.#patches.delete(alertId);
      this.#tell([alertId], []);
    };
  }

  #take(items: readonly FrameItem[], removed: readonly string[]): number {
    const changed = [...removed];
    const opened: AlertLine[] = [];
    for (const item of items) {
      if ('gone' in item) {
        const held = this.#rows.get(item.alert_id);
        this.#gone.set(item.alert_id, item.revision);
        if (held && held.revision <= item.revision) {
          this.#rows.delete(item.alert_id);
          changed.push(item.alert_id);
        }
      } else if ('group_key' in item) {
        const outcome = this.#takeLine(item);
        if (outcome !== 'nothing') changed.push(item.alert_id);
        if (outcome === 'opened') opened.push(item);
      }
    }
    const isFirst = !this.#isLoaded;
    this.#isLoaded = true;
    if (changed.length > 0 || isFirst) this.#tell(changed, isFirst ? [] : opened);
    return new Set(changed).size;
  }

  /** Merges one line; whether that changed anything, and whether it is a new episode to announce. */
  #takeLine(line: AlertLine): 'nothing' | 'changed' | 'opened' {
    const id = line.alert_id;
    const held = this.#rows.get(id);
    if (held && held.revision >= line.revision) return 'nothing';
    if ((this.#gone.get(id) ?? -1) >= line.revision) return 'nothing';
    this.#rows.set(id, line);
    const hasOpened = line.state === 'OPEN' && (!held || held.state === 'RESOLVED');
    return hasOpened ? 'opened' : 'changed';
  }

  #tell(changed: readonly string[], opened: readonly AlertLine[]): void {
    this.#all = undefined;
    this.#counts = undefined;
    for (const id of changed) this.#views.delete(id);
    for (const id of new Set(changed))
      for (const listener of this.#rowListeners.get(id) ?? []) listener();
    for (const listener of this.#listeners) listener();
    if (opened.length > 0) for (const listener of this.#openedListeners) listener(opened);
  }
}
