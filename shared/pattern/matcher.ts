import { foldCase } from './fold-case.ts';
import type { Witness } from './witness.ts';

/** A value that is a leaf of JSON. */
export type Scalar = string | number | boolean | null;

/**
 * What one entry of a field's list asks of a leaf value. `equals` and `present` are told apart so
 * that an index can use them; `absent` asks that there is no leaf at all.
 */
export type Matcher =
  | { kind: 'equals'; value: Scalar }
  | { kind: 'present' }
  | { kind: 'absent' }
  | {
      kind: 'test';
      test: (value: Scalar) => boolean;
      witness?: Witness | undefined;
      /** Matchers of which one holds exactly when this one does: an index knows more of them. */
      alternatives?: readonly Matcher[];
      /** The lookup table it needs and was not given: it cannot be asked anything yet. */
      unbound?: string;
    };

/** Tests strings only; numbers, booleans and null never pass. */
export function ofString(test: (text: string) => boolean, witness?: Witness): Matcher {
  return { kind: 'test', test: (value) => typeof value === 'string' && test(value), witness };
}

/** Tests numbers only. */
export function ofNumber(test: (value: number) => boolean, witness: Witness): Matcher {
  return { kind: 'test', test: (value) => typeof value === 'number' && test(value), witness };
}

/** Passes every leaf the string test does not hold for, other types included, as on AWS. */
export function exceptStrings(test: (text: string) => boolean): Matcher {
  return { kind: 'test', test: (value) => typeof value !== 'string' || !test(value) };
}

/** Any of several string tests. */
export function anyOf(tests: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  return (text) => tests.some((test) => test(text));
}

export function startsWith(prefix: string): (text: string) => boolean {
  return (text) => text.startsWith(prefix);
}

export function endsWith(suffix: string): (text: string) => boolean {
  return (text) => text.endsWith(suffix);
}

export function equalsFolded(folded: string): (text: string) => boolean {
  return (text) => foldCase(text) === folded;
}

export function startsWithFolded(folded: string): (text: string) => boolean {
  return (text) => foldCase(text).startsWith(folded);
}

export function endsWithFolded(folded: string): (text: string) => boolean {
  return (text) => foldCase(text).endsWith(folded);
}

/** True when the leaf satisfies the matcher; `absent` is never satisfied by a leaf. */
export function holds(matcher: Matcher, value: Scalar): boolean {
  switch (matcher.kind) {
    case 'equals':
      return matcher.value === value;
    case 'present':
      return true;
    case 'test':
      return matcher.test(value);
    default:
      return false;
  }
}
