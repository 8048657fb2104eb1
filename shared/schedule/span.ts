/** A time in which somebody has the duty, in ms since the epoch: `from` included, `to` excluded. */
export interface Span {
  from: number;
  to: number;
}

/** The parts of sorted, disjoint spans that lie in other sorted, disjoint ones. */
export function intersect<Kind extends Span>(
  spans: readonly Kind[],
  within: readonly Span[],
): Kind[] {
  const parts: Kind[] = [];
  let first = 0;
  for (const span of spans) {
    while (first < within.length && within[first]!.to <= span.from) first++;
    for (let at = first; at < within.length && within[at]!.from < span.to; at++) {
      const from = Math.max(span.from, within[at]!.from);
      const to = Math.min(span.to, within[at]!.to);
      parts.push({ ...span, from, to });
    }
  }
  return parts;
}

/** Lays sorted, disjoint spans over others, which keep what is not covered; sorted. */
export function overlay<Kind extends Span>(under: readonly Kind[], over: readonly Kind[]): Kind[] {
  if (over.length === 0) return [...under];
  const free = complement(over, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return [...intersect(under, free), ...over].sort((a, b) => a.from - b.from);
}

/** What sorted, disjoint spans leave open between `from` and `to`. */
export function complement(spans: readonly Span[], from: number, to: number): Span[] {
  const open: Span[] = [];
  let at = from;
  for (const span of spans) {
    if (span.from > at) open.push({ from: at, to: Math.min(span.from, to) });
    at = Math.max(at, span.to);
  }
  if (at < to) open.push({ from: at, to });
  return open.filter((span) => span.from < span.to);
}

/** Sorted, disjoint spans that cover the same times. */
export function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
