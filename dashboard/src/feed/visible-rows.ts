/** Rows kept beyond both ends of what is seen. */
const OVERSCAN = 6;

/** Which rows of equal height are in sight: `first` up to, not including, `last`. */
export function visibleRows(
  count: number,
  rowPx: number,
  scrollPx: number,
  heightPx: number,
): { first: number; last: number } {
  const top = Math.floor(scrollPx / rowPx) - OVERSCAN;
  const bottom = Math.ceil((scrollPx + heightPx) / rowPx) + OVERSCAN;
  return {
    first: Math.max(0, Math.min(top, count - 1)),
    last: Math.max(0, Math.min(bottom, count)),
  };
}
