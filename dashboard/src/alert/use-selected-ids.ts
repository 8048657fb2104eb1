import { useRef, useSyncExternalStore } from 'react';

import { useApp } from '#dashboard/shell/app-context.ts';

import { type ListFilter, selectIds, writeFilter } from './filter.ts';

/** The ids the filter selects, in order; the same array while they stay the same. */
export function useSelectedIds(filter: ListFilter): readonly string[] {
  const { alerts, me } = useApp();
  const held = useRef<{ source: unknown; key: string; ids: readonly string[] }>(undefined);
  return useSyncExternalStore(alerts.subscribe, () => {
    const source = alerts.all();
    const key = writeFilter(filter);
    const last = held.current;
    if (last && last.source === source && last.key === key) return last.ids;
    const ids = selectIds(source, filter, me.actor);
    const isSame =
      last !== undefined &&
      last.ids.length === ids.length &&
      last.ids.every((id, index) => id === ids[index]);
    held.current = { source, key, ids: isSame ? last.ids : ids };
    return held.current.ids;
  });
}
