import { unite } from './char-set.ts';
import type { CharSet } from './char-set.ts';

/** What an assertion asks of the place between two characters; several may be asked at once. */
export const ASSERT = { start: 1, end: 2, boundary: 4, inside: 8 } as const;

/** A regular expression, read. Groups and laziness are gone: they say nothing about which texts match. */
export type Node =
  | { kind: 'set'; set: CharSet }
  | { kind: 'assert'; asks: number }
  | { kind: 'sequence'; parts: readonly Node[] }
  | { kind: 'either'; parts: readonly Node[] }
  /** `max` is Infinity where nothing bounds it. */
  | { kind: 'repeat'; part: Node; min: number; max: number };

export function sequence(parts: readonly Node[]): Node {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

/** Alternatives; those of one character each are one set, whatever their number. */
export function either(parts: readonly Node[]): Node {
  const sets = parts.flatMap((part) => (part.kind === 'set' ? [part.set] : []));
  if (sets.length < 2) return parts.length === 1 ? parts[0]! : { kind: 'either', parts };
  const rest = parts.filter(({ kind }) => kind !== 'set');
  const set: Node = { kind: 'set', set: unite(sets) };
  return rest.length === 0 ? set : { kind: 'either', parts: [set, ...rest] };
}

/** Whether any assertion asks one of these. */
export function asksFor(node: Node, asks: number): boolean {
  if (node.kind === 'assert') return (node.asks & asks) !== 0;
  if (node.kind === 'repeat') return asksFor(node.part, asks);
  return node.kind !== 'set' && node.parts.some((part) => asksFor(part, asks));
}
