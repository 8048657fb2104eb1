import { literalWitness } from './witness.ts';
import type { Witness } from './witness.ts';

/** Native search is bounded by needle × haystack; past these sizes the linear search takes over. */
const NEEDLE_NATIVE_MAX = 32;
const HAYSTACK_NATIVE_MAX = 4_096;

/** Splits at `*` into the literals between; `\*` and `\\` stand for themselves. Returns the reason as text when it is refused. */
function splitWildcard(pattern: string): string[] | string {
  const literals: string[] = [];
  let literal = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (char === '*') {
      if (pattern[index + 1] === '*') return `consecutive wildcard characters at position ${index}`;
      literals.push(literal);
      literal = '';
    } else if (char === '\\') {
      const escaped = pattern[++index];
      if (escaped !== '*' && escaped !== '\\')
        return `invalid escape at position ${index - 1}: only \\* and \\\\ are known`;
      literal += escaped;
    } else literal += char;
  }
  literals.push(literal);
  return literals;
}

/**
 * Compiles a wildcard pattern to a test that is linear in the text, whatever the pattern: the first
 * and last literal are anchored, those between are taken leftmost first, which never needs a step
 * back. Returns the reason as text when the pattern is refused.
 */
export function compileWildcard(pattern: string): ((text: string) => boolean) | string {
  const literals = splitWildcard(pattern);
  if (typeof literals === 'string') return literals;
  const first = literals[0]!;
  if (literals.length === 1) return (text) => text === first;
  const last = literals[literals.length - 1]!;
  const middle = literals.slice(1, -1).map(compileSearch);
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    const end = text.length - last.length;
    for (const search of middle) {
      from = search(text, from);
      if (from < 0 || from > end) return false;
    }
    return true;
  };
}

/** What every text that passes an accepted pattern has. */
export function wildcardWitness(pattern: string): Witness | undefined {
  const literals = splitWildcard(pattern);
  return typeof literals === 'string' ? undefined : literalWitness(literals);
}

/** A search for one literal: the position behind its first occurrence at or after `from`, or −1. */
function compileSearch(needle: string): (text: string, from: number) => number {
  let fallback: Uint16Array | undefined;
  return (text, from) => {
    if (needle.length <= NEEDLE_NATIVE_MAX || text.length <= HAYSTACK_NATIVE_MAX) {
      const at = text.indexOf(needle, from);
      return at < 0 ? -1 : at + needle.length;
    }
    fallback ??= borders(needle);
    let matched = 0;
    for (let index = from; index < text.length; index++) {
      const code = text.charCodeAt(index);
      while (matched > 0 && needle.charCodeAt(matched) !== code) matched = fallback[matched - 1]!;
      if (needle.charCodeAt(matched) === code) matched++;
      if (matched === needle.length) return index + 1;
    }
    return -1;
  };
}

/** Knuth, Morris and Pratt (1977): for each prefix the length of its longest proper border. */
function borders(needle: string): Uint16Array {
  const table = new Uint16Array(needle.length);
  let length = 0;
  for (let index = 1; index < needle.length; index++) {
    const code = needle.charCodeAt(index);
    while (length > 0 && needle.charCodeAt(length) !== code) length = table[length - 1]!;
    if (needle.charCodeAt(length) === code) length++;
    table[index] = length;
  }
  return table;
}
