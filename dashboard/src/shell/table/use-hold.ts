import { type HTMLAttributes, useEffect, useRef, useState } from 'react';

import { type Held, holdOrder } from './hold.ts';

/** A list that keeps still, and what to put around it. */
export interface Hold extends Held {
  /** Shows what waits. */
  release: () => void;
  area: Pick<
    HTMLAttributes<HTMLElement>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
}

/** Rows above this many pixels of scrolling would push away what somebody reads. */
const SCROLLED_PX = 120;

/**
 * Holds the order of a list while somebody points at it, has the focus in it, has scrolled into it, or
 * has chosen rows (`isChosen`). Another `key` (filter, sort) shows everything anew.
 */
export function useHold(key: string, selected: readonly string[], isChosen: boolean): Hold {
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const isScrolled = useIsScrolled();
  const [, setReleases] = useState(0);
  const shown = useRef<{ key: string; ids: readonly string[] }>({ key, ids: [] });
  if (shown.current.key !== key) shown.current = { key, ids: [] };
  const isHeld = isPointed || isFocused || isScrolled || isChosen;
  const held = holdOrder(shown.current.ids, selected, isHeld);
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

function useIsScrolled(): boolean {
  const [isScrolled, setIsScrolled] = useState(false);
  useEffect(() => {
    const onScroll = () => setIsScrolled(window.scrollY > SCROLLED_PX);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);
  return isScrolled;
}
