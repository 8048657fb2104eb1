/** Deepest path a rule may name, in segments. */
export const FIELD_SEGMENTS_MAX = 16;

/** Reads one field of an event; undefined when it is not there. */
export type FieldReader = (event: unknown) => unknown;

/**
 * Compiles a dotted path (`payload.user.name`) to a reader. Only own keys count, so `constructor` is
 * never found by accident. A key that itself holds dots (`labels.k8s.io/app`) is found too; the
 * shorter key wins. Where an array stands in the way, its first element that has the field answers;
 * an array at the end answers with its first single value.
 */
export function fieldReader(path: string): FieldReader {
  const segments = path.split('.');
  const tails = segments.map((_, from) =>
    segments.slice(from).map((_segment, count) => segments.slice(from, from + count + 1).join('.')),
  );
  return (event) => read(event, tails, 0, 0);
}

/** Directly nested arrays beyond this are not searched. */
const ARRAY_DEPTH_MAX = 32;

function read(
  value: unknown,
  tails: readonly (readonly string[])[],
  from: number,
  arrayDepth: number,
): unknown {
  if (Array.isArray(value)) {
    if (arrayDepth >= ARRAY_DEPTH_MAX) return undefined;
    for (const element of value as unknown[]) {
      const found = read(element, tails, from, arrayDepth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (from === tails.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [index, key] of tails[from]!.entries()) {
    if (!Object.hasOwn(value, key)) continue;
    const below = (value as Record<string, unknown>)[key];
    const found = read(below, tails, from + index + 1, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
