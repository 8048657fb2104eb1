import { Entries } from './entries.ts';
import type { Candidates } from './entries.ts';

interface Node {
  next: Map<number, Node> | undefined;
  entries: Entries | undefined;
}

/** Texts by their characters, looked up at the start, at the end or anywhere in a value. */
export class TextTrie {
  readonly #root: Node = { next: undefined, entries: undefined };
  /** Which three characters, hashed to 15 bits, any text here starts with. */
  readonly #starts = new Uint8Array(1 << 15);
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
    let hash = 0;
    for (let at = 0; at < 3; at++) hash = ((hash << 5) ^ text.charCodeAt(at)) & 0x7fff;
    this.#starts[hash] = 1;
    return (node.entries ??= new Entries());
  }

  find(value: string, into: Candidates): void {
    if (this.by === 'start') this.#descend(value, 0, 1, into);
    else if (this.by === 'end') this.#descend(value, value.length - 1, -1, into);
    else this.#search(value, into);
  }

  #search(value: string, into: Candidates): void {
    const starts = this.#starts;
    let hash = 0;
    for (let at = 0; at < value.length; at++) {
      hash = ((hash << 5) ^ value.charCodeAt(at)) & 0x7fff;
      if (at >= 2 && starts[hash] === 1) this.#descend(value, at - 2, 1, into);
    }
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
