import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Lists up to this long are in the page as a whole, where the browser's own search finds them. */
const WHOLE_MAX = 100;
const OVERSCAN = 10;
/** First guesses, px; each row is measured once it is there. */
const ROW_PX = 52;
const CARD_PX = 190;
const NARROW = '(max-width: 50rem)';

/** Which rows are in the page now, and the way to another. */
export interface Window {
  indexes: readonly number[];
  /** A row far away that is kept because it has the focus. */
  farIndex: number | undefined;
  measure: ((row: HTMLElement | null) => void) | undefined;
  scrollTo: (index: number) => void;
}

/**
 * Keeps only the rows near the window in the page, and always the one that has the focus. Room for the
 * others is padding of `body`.
 */
export function useRowWindow(
  ids: readonly string[],
  body: RefObject<HTMLElement | null>,
  focusedId: RefObject<string | undefined>,
): Window {
  const isWhole = ids.length <= WHOLE_MAX;
  const [marginPx, setMarginPx] = useState(0);
  const latest = useRef(ids);
  latest.current = ids;
  const virtual = useWindowVirtualizer({
    count: isWhole ? 0 : ids.length,
    estimateSize: () => (matchMedia(NARROW).matches ? CARD_PX : ROW_PX),
    getItemKey: useCallback((index: number) => latest.current[index] ?? index, []),
    overscan: OVERSCAN,
    scrollMargin: marginPx,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const focused =
        focusedId.current === undefined ? -1 : latest.current.indexOf(focusedId.current);
      if (focused < 0 || indexes.includes(focused)) return indexes;
      return [...indexes, focused].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const totalPx = virtual.getTotalSize();
  const indexes = items.map(({ index }) => index);
  const farIndex = farOf(indexes);

  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const near = items.filter(({ index }) => index !== farIndex);
    const first = near[0];
    const last = near.at(-1);
    const before = isWhole || !first ? 0 : first.start - marginPx;
    const after = isWhole || !last ? 0 : totalPx - (last.end - marginPx);
    element.style.paddingTop = `${before}px`;
    element.style.paddingBottom = `${after}px`;
    const top = Math.round(element.getBoundingClientRect().top + window.scrollY);
    if (top !== marginPx) setMarginPx(top);
  });

  return {
    indexes: isWhole ? ids.map((_, index) => index) : indexes,
    farIndex: isWhole ? undefined : farIndex,
    measure: isWhole ? undefined : virtual.measureElement,
    scrollTo: (index) => {
      if (!isWhole) virtual.scrollToIndex(index, { align: 'auto' });
    },
  };
}

/** The first or last of ascending numbers when it does not adjoin the others. */
function farOf(indexes: readonly number[]): number | undefined {
  const [first, second] = indexes;
  if (first !== undefined && second !== undefined && second > first + 1) return first;
  const last = indexes.at(-1);
  const before = indexes.at(-2);
  return last !== undefined && before !== undefined && last > before + 1 ? last : undefined;
}
