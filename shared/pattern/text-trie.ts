import { Junction } from './junction.ts';
import type { Taker } from './junction.ts';

interface Node {
  next: Map<number, Node> | undefined;
  junction: Junction | undefined;
}

/** Texts by their characters, looked up at the start, at the end or anywhere in a value. */
export class TextTrie {
  readonly #root: Node = { next: undefined, junction: undefined };
  readonly #texts: string[] = [];
  #probes: Probes | undefined;
  readonly by: 'start' | 'end' | 'part';

  constructor(by: 'start' | 'end' | 'part') {
    this.by = by;
  }

  /** The junction of a text; for `part` it has three characters or more. */
  junctionOf(text: string): Junction {
    let node = this.#root;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(this.by === 'end' ? text.length - 1 - at : at);
      node.next ??= new Map();
      let next = node.next.get(code);
      if (next === undefined)
        node.next.set(code, (next = { next: undefined, junction: undefined }));
      node = next;
    }
    if (node.junction === undefined) {
      this.#texts.push(text);
      this.#probes = undefined;
    }
    return (node.junction ??= new Junction());
  }

  find(value: string, into: Taker): void {
    const { width, stride, marks } = (this.#probes ??= probesOf(this.#texts, this.by));
    const last = value.length - width;
    if (last < 0) return;
    if (this.by === 'part') {
      for (let at = 0; at <= last; at += stride)
        if (isMarked(marks, value, at, width))
          for (let from = Math.max(0, at - stride + 1); from <= at; from++)
            this.#descend(value, from, 1, into);
    } else if (this.by === 'start') {
      if (isMarked(marks, value, 0, width)) this.#descend(value, 0, 1, into);
    } else if (isMarked(marks, value, last, width))
      this.#descend(value, value.length - 1, -1, into);
  }

  #descend(value: string, from: number, step: 1 | -1, into: Taker): void {
    let node: Node | undefined = this.#root;
    for (let at = from; at >= 0 && at < value.length; at += step) {
      node = node.next?.get(value.charCodeAt(at));
      if (node === undefined) return;
      if (node.junction !== undefined) into.take(node.junction);
    }
  }
}

/**
 * What a value shows before it is searched for texts. For texts anywhere, only every `stride`th place
 * is looked at: any text that lies there shows one of its marks.
 */
interface Probes {
  /** How many characters at the start or the end are looked at. */
  width: number;
  stride: number;
  /** Bits: which characters, hashed, stand at one of the first `stride` places of any text, or at its start or end. */
  marks: Uint32Array;
}

const WIDTH_MAX = 4;
const STRIDE_MAX = 16;
/** So many bits for each mark, so that a value shows one by chance rarely. */
const BITS_PER_MARK = 8;
const BITS_MAX = 1 << 21;

function probesOf(texts: readonly string[], by: 'start' | 'end' | 'part'): Probes {
  const shortest = texts.reduce((least, { length }) => Math.min(least, length), Infinity);
  // Three characters are cheap to look at, but among many texts any three are met sooner or later.
  const wanted = by === 'part' && texts.length < 256 ? 3 : WIDTH_MAX;
  const width = Math.min(wanted, shortest);
  const stride = by === 'part' ? Math.min(STRIDE_MAX, shortest - width + 1) : 1;
  let bits = 1 << 11;
  while (bits < BITS_MAX && bits < texts.length * stride * BITS_PER_MARK) bits *= 2;
  const marks = new Uint32Array(bits >>> 5);
  for (const text of texts) {
    const from = by === 'end' ? text.length - width : 0;
    for (let at = from; at < from + stride; at++) {
      const hash = hashAt(text, at, width);
      marks[(hash >>> 5) & (marks.length - 1)]! |= 1 << hash;
    }
  }
  return { width, stride, marks };
}

function isMarked(marks: Uint32Array, text: string, at: number, width: number): boolean {
  const hash = hashAt(text, at, width);
  return ((marks[(hash >>> 5) & (marks.length - 1)]! >>> hash) & 1) === 1;
}

/** Of `width` characters from a place on. */
function hashAt(text: string, at: number, width: number): number {
  let hash = text.charCodeAt(at);
  if (width > 1) hash = (hash << 5) ^ text.charCodeAt(at + 1);
  if (width > 2) hash = (hash << 5) ^ text.charCodeAt(at + 2);
  if (width > 3) hash = (hash << 5) ^ text.charCodeAt(at + 3);
  return hash ^ (hash >>> 11);
}
