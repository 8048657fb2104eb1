import { useRef, useState, type HTMLAttributes } from 'react';

import { type Held, holdOrder } from './hold.ts';

/**
 * Holds the order of a list while somebody points at it or has the focus in it. `release` shows what
 * waits; another `key` (filter) shows everything anew.
 */
export function useHold(
  key: string,
  selected: readonly string[],
): Held & {
  release: () => void;
  area: Pick<
    HTMLAttributes<HTMLElement>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
} {
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const [, setReleases] = useState(0);
  const shown = useRef<{ key: string; ids: readonly string[] }>({ key, ids: [] });
  if (shown.current.key !== key) shown.current = { key, ids: [] };
  const held = holdOrder(shown.current.ids, selected, isPointed || isFocused);
  shown.current.ids = held.shown;
  return {
    ...held,
    release: () => {
      shown.current.ids = [];
      setReleases((count) => count + 1);
    },
    area: {
      onPointerEnter: ({ pointerType }) => setIsPointed(pointerType !== 'touch'),
      onPointerLeave: () => setIsPointed(false),
      onFocus: () => setIsFocused(true),
      onBlur: ({ currentTarget, relatedTarget }) =>
        setIsFocused(currentTarget.contains(relatedTarget)),
    },
  };
}
