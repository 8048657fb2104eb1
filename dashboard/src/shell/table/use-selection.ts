import { useCallback, useMemo, useState } from 'react';

/** Which rows are chosen. */
export interface Selection {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  setAll: (ids: readonly string[]) => void;
}

/** Holds what is chosen; ids that are gone from the list are no longer. */
export function useSelection(ids: readonly string[]): Selection & { ids: readonly string[] } {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setChosen((held) => {
      const next = new Set(held);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const setAll = useCallback((all: readonly string[]) => setChosen(new Set(all)), []);
  const held = useMemo(
    () => (chosen.size === 0 ? [] : ids.filter((id) => chosen.has(id))),
    [ids, chosen],
  );
  return useMemo(() => ({ chosen, toggle, setAll, ids: held }), [chosen, toggle, setAll, held]);
}
