import { affixWitness, partWitness } from '#shared/pattern/witness.ts';
import type { Witness } from '#shared/pattern/witness.ts';

import { onlyCharOf } from './char-set.ts';
import { ASSERT } from './node.ts';
import type { Node } from './node.ts';

/** Longest text looked for, in UTF-16 units: native search may cost this much for each of a text's. */
const TEXT_MAX = 32;

/** What every match of a node has. */
interface Required {
  /** All that it matches, where that is one text. */
  whole: string | undefined;
  head: string;
  tail: string;
  longest: string;
}

/** The longest text found in every text that matches; empty when there is none. */
export function requiredText(node: Node): string {
  return requiredOf(node).longest.slice(0, TEXT_MAX);
}

/** The required text as a witness, anchored where the expression is. */
export function regexWitness(node: Node): Witness | undefined {
  const { head, tail, longest } = requiredOf(node);
  const parts = node.kind === 'sequence' ? node.parts : [];
  const [first, last] = [parts[0], parts.at(-1)];
  const isAt = (part: Node | undefined, asks: number) =>
    part?.kind === 'assert' && part.asks === asks;
  const start = isAt(first, ASSERT.start) ? head : '';
  const end = isAt(last, ASSERT.end) ? tail : '';
  if (start.length >= end.length && isTelling(start, longest)) return affixWitness('start', start);
  if (isTelling(end, longest)) return affixWitness('end', end);
  return partWitness(longest);
}

/** An anchored text is looked for at less cost, but a short one tells little. */
function isTelling(anchored: string, longest: string): boolean {
  return anchored !== '' && (anchored.length >= 4 || anchored.length * 2 >= longest.length);
}

const NOTHING: Required = { whole: undefined, head: '', tail: '', longest: '' };

function requiredOf(node: Node): Required {
  switch (node.kind) {
    case 'set': {
      const char = onlyCharOf(node.set);
      return char === undefined ? NOTHING : just(char);
    }
    case 'assert':
      return just('');
    case 'sequence':
      return node.parts.map(requiredOf).reduce(joined, just(''));
    case 'either':
      return node.parts.map(requiredOf).reduce(shared);
    default: {
      if (node.max === 0) return just('');
      if (node.min === 0) return NOTHING;
      const once = requiredOf(node.part);
      const copies = Array.from({ length: Math.min(node.min, TEXT_MAX) }, () => once);
      const least = copies.reduce(joined);
      return node.min === node.max && node.min <= TEXT_MAX ? least : { ...least, whole: undefined };
    }
  }
}

function just(whole: string): Required {
  return { whole, head: whole, tail: whole, longest: whole };
}

function joined(a: Required, b: Required): Required {
  const whole = a.whole === undefined || b.whole === undefined ? undefined : a.whole + b.whole;
  const head = a.whole === undefined ? a.head : a.whole + b.head;
  const tail = b.whole === undefined ? b.tail : a.tail + b.whole;
  return {
    whole,
    head,
    tail,
    longest: longer([a.longest, b.longest, a.tail + b.head, head, tail]),
  };
}

function shared(a: Required, b: Required): Required {
  if (a.whole !== undefined && a.whole === b.whole) return a;
  let head = 0;
  while (head < a.head.length && a.head[head] === b.head[head]) head++;
  let tail = 0;
  while (tail < a.tail.length && a.tail.at(-1 - tail) === b.tail.at(-1 - tail)) tail++;
  const texts = { head: a.head.slice(0, head), tail: a.tail.slice(a.tail.length - tail) };
  return { whole: undefined, ...texts, longest: longer([texts.head, texts.tail]) };
}

function longer(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length ? text : best));
}
