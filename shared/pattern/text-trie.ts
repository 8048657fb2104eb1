import { Entries } from './entries.ts';
import type { Candidates } from './entries.ts';

interface Node {
  next: Map<number, Node> | undefined;
  entries: Entries | undefined;
}

/** Texts by their characters, looked up at the start, at the end or anywhere in a value. */
export class TextTrie {
  readonly #root: Node = { next: undefined, entries: undefined };
  readonly #texts: string[] = [];
  #probes: Probes | undefined;
  readonly by: 'start' | 'end' | 'part';

  constructor(by: 'start' | 'end' | 'part') {
    this.by = by;
  }

  /** The entries of a text; for `part` it has three characters or more. */
  entriesOf(text: string): Entries {
    let node = this.#root;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(this.by === 'end' ? text.length - 1 - at : at);
      node.next ??= new Map();
      let next = node.next.get(code);
      if (next === undefined) node.next.set(code, (next = { next: undefined, entries: undefined }));
      node = next;
    }
    if (node.entries === undefined) {
      this.#texts.push(text);
      this.#probes = undefined;
    }
    return (node.entries ??= new Entries());
  }

  find(value: string, into: Candidates): void {
    if (this.by === 'start') this.#descend(value, 0, 1, into);
    else if (this.by === 'end') this.#descend(value, value.length - 1, -1, into);
    else this.#search(value, into);
  }

  #search(value: string, into: Candidates): void {
    const { stride, marks } = (this.#probes ??= probesOf(this.#texts));
    for (let at = 0; at + 2 < value.length; at += stride)
      if (marks[hashAt(value, at)] === 1)
        for (let from = Math.max(0, at - stride + 1); from <= at; from++)
          this.#descend(value, from, 1, into);
  }

  #descend(value: string, from: number, step: 1 | -1, into: Candidates): void {
    let node: Node | undefined = this.#root;
    for (let at = from; at >= 0 && at < value.length; at += step) {
      node = node.next?.get(value.charCodeAt(at));
      if (node === undefined) return;
      if (node.entries !== undefined) into.take(node.entries);
    }
  }
}

/** Only every `stride`th place of a value is looked at: any text that lies there shows one of its marks. */
interface Probes {
  stride: number;
  /** Which three characters, hashed to 15 bits, stand at one of the first `stride` places of any text. */
  marks: Uint8Array;
}

const STRIDE_MAX = 8;

function probesOf(texts: readonly string[]): Probes {
  const shortest = texts.reduce((least, { length }) => Math.min(least, length), Infinity);
  const stride = Math.min(STRIDE_MAX, shortest - 2);
  const marks = new Uint8Array(1 << 15);
  for (const text of texts) for (let at = 0; at < stride; at++) marks[hashAt(text, at)] = 1;
  return { stride, marks };
}

function hashAt(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) << 10) ^ (text.charCodeAt(at + 1) << 5) ^ text.charCodeAt(at + 2)) &
    0x7fff
  );
}
